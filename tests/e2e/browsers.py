"""Browsers: one without windows that draws no map, and the whole one for tests that need more."""

import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright

WHOLE, SHELL = "chromium", "chromium-headless-shell"
"""Debian's names; the second shows neither windows nor notifications, and costs the processor less."""
NO_PIXELS = Path(__file__).with_name("no-pixels.js")
FLAGS = [
    "--no-sandbox",
    # Two pages side by side: none of them is in the background.
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    # A page makes ready to ring at its first tap: opening a real output takes 0.2 s.
    "--disable-audio-output",
]
DRAWING = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Debian's own start turns it on, and without a graphics card it is the slower way to draw text and boxes.
    "--disable-gpu-rasterization",
]


@dataclass(frozen=True, kw_only=True)
class Window:
    """A browser, and whether maps are drawn in it."""

    browser: Browser
    draws: bool

    async def new_context(self, **how: Any) -> BrowserContext:  # noqa: ANN401 - whatever a browser can be told
        """Give a profile of its own."""
        context = await self.browser.new_context(**how)
        if not self.draws:
            await context.add_init_script(path=NO_PIXELS)
        return context


@dataclass(kw_only=True)
class Browsers:
    """Both kinds, each started when it is first wanted."""

    playwright: Playwright
    until_the_end: AsyncExitStack
    started: dict[str, Browser] = field(default_factory=dict)

    @classmethod
    async def inside(cls, stack: AsyncExitStack) -> Self:
        """Have them end with the stack."""
        return cls(playwright=await stack.enter_async_context(async_playwright()), until_the_end=stack)

    async def give(self, *, whole: bool, draws: bool) -> Window:
        """Return one that draws maps, one that at least can notify, or the cheapest."""
        program = WHOLE if whole or draws or shutil.which(SHELL) is None else SHELL
        if program not in self.started:
            browser = await self.playwright.chromium.launch(
                executable_path=shutil.which(program),
                args=[*FLAGS, *(DRAWING if program == WHOLE else ["--disable-gpu"])],
            )
            self.until_the_end.push_async_callback(browser.close)
            self.started[program] = browser
        return Window(browser=self.started[program], draws=draws)
