"""What axe-core says of a screen."""

from pathlib import Path
from typing import Final

from playwright.async_api import Page

_SOURCE: Final = Path(__file__).parents[2] / "static" / "node_modules" / "axe-core" / "axe.min.js"
_RUN: Final = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary: why }) => `${id}: ${target} ${why}`));
}"""


async def serious_faults(page: Page) -> list[str]:
    """Return what is serious or critical about what the page shows."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_SOURCE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(_RUN)
    return found
