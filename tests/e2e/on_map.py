"""Where to put a finger on the map, as the page itself has drawn it."""

from typing import Any

from playwright.async_api import Page

SETTLED_WITHIN_MS = 180_000
# What is on the map comes in after the page is open, and the camera then looks at it: only when nothing of
# that is under way does a place on the map stay at its place on screen.
SETTLED = """async (patienceMs) => {
  const { current, COLLECTIONS, model } = window.responder;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const calm = () => {
    if (!document.querySelector("er-map")) return true;
    const { loaded } = model.value;
    const map = current.view?.map;
    return current.view?.ready && !COLLECTIONS.some(({ name }) => loaded[name].status === "loading")
      && map.loaded() && map.areTilesLoaded() && !map.isMoving();
  };
  const deadline = performance.now() + patienceMs;
  for (let times = 0; performance.now() < deadline; ) {
    times = calm() ? times + 1 : 0;
    if (times === 4) return true;
    await frame();
    await pause(80);
  }
  return false;
}"""
LOOK = """async ([lon, lat, zoom, pitch]) => {
  const { map } = window.responder.current.view;
  const whole = map.getCanvas().getBoundingClientRect();
  const panel = document.querySelector(".panel").getBoundingClientRect();
  const middle = [whole.left + whole.width / 2, whole.top + whole.height / 2];
  // Beside or above what covers the middle, clear of the bar.
  const covered = document.elementFromPoint(...middle)?.closest(".panel");
  const bar = document.querySelector(".top").getBoundingClientRect();
  const offset = !covered ? [0, 0]
    : panel.width < whole.width ? [(panel.right + whole.right) / 2 - middle[0], 0]
    : [0, (bar.bottom + panel.top) / 2 - middle[1]];
  map.easeTo({ center: [lon, lat], zoom, pitch, offset, duration: 0 });
}"""
ON_SCREEN = """async ([lon, lat]) => {
  const { current } = window.responder;
  const { map } = current.view;
  const { x, y } = map.project([lon, lat]);
  const box = map.getCanvas().getBoundingClientRect();
  const [left, top] = [x + box.left, y + box.top];
  const free = document.elementFromPoint(left, top) === map.getCanvas();
  return { x: left, y: top, free };
}"""
# The point of a house that lies farthest from every symbol, and not at its very edge.
FREE_SPOT = """async (ring) => {
  const { current } = window.responder;
  const { map } = current.view;
  const canvas = map.getCanvas();
  const box = canvas.getBoundingClientRect();
  const corners = ring.map((each) => map.project(each));
  const { LAYERS } = window.responder;
  const pointed = LAYERS.filter(({ shape }) => shape !== "tape" && shape !== "block").map(({ name }) => name);
  const symbols = pointed.flatMap((source) => map.querySourceFeatures(source))
    .map(({ geometry }) => map.project(geometry.coordinates));
  const inside = (x, y) => corners.reduce((is, a, i) => {
    const b = corners[(i + 1) % corners.length];
    return (a.y > y) !== (b.y > y) && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x ? !is : is;
  }, false);
  const about = [[-4, 0], [4, 0], [0, -4], [0, 4]];
  const safelyInside = (x, y) => about.every(([dx, dy]) => inside(x + dx, y + dy));
  const away = (x, y) => Math.min(1e6, ...symbols.map((each) => Math.hypot(each.x - x, each.y - y)));
  let best = null;
  const xs = corners.map(({ x }) => x);
  const ys = corners.map(({ y }) => y);
  for (let x = Math.min(...xs); x <= Math.max(...xs); x += 2) {
    for (let y = Math.min(...ys); y <= Math.max(...ys); y += 2) {
      if (!safelyInside(x, y)) continue;
      if (document.elementFromPoint(x + box.left, y + box.top) !== canvas) continue;
      const distance = away(x, y);
      if (!best || distance > best.distance) best = { x: x + box.left, y: y + box.top, distance };
    }
  }
  return best;
}"""
# Symbols appear a moment after what they stand for is known; a tap can only hit what is drawn.
DRAWN = """async ([layer, lon, lat]) => {
  const { current } = window.responder;
  const { map } = current.view;
  const { x, y } = map.project([lon, lat]);
  return map.queryRenderedFeatures([x, y], { layers: [layer] }).length > 0;
}"""


async def settled(page: Page, *, within_ms: float = SETTLED_WITHIN_MS) -> bool:
    """Wait until the map has drawn what it was told to, and tell whether it has."""
    return bool(await page.evaluate(SETTLED, within_ms))


async def look_at(page: Page, lon: float, lat: float, *, zoom: float, pitch: float) -> None:
    """Move the map once it rests, so that it does not move on by itself afterwards."""
    assert await settled(page), "the map does not come to rest"
    await page.evaluate(LOOK, [lon, lat, zoom, pitch])
    assert await settled(page), "the map does not come to rest"


async def tap(page: Page, lon: float, lat: float) -> None:
    """Tap where something is."""
    assert await settled(page), "the map does not come to rest"
    spot = await page.evaluate(ON_SCREEN, [lon, lat])
    assert spot["free"], "something of the page lies over the place to be tapped"
    await page.mouse.click(spot["x"], spot["y"])


async def tap_ring(page: Page, ring: list[list[float]]) -> None:
    """Tap inside a house, as far from every symbol as can be."""
    assert await settled(page), "the map does not come to rest"
    spot = await page.evaluate(FREE_SPOT, ring)
    assert spot is not None, "nothing of the house can be tapped"
    await page.mouse.click(spot["x"], spot["y"])


async def drawn(page: Page, layer: str, lon: float, lat: float) -> bool:
    """Tell whether a symbol of the layer is drawn there."""
    assert await settled(page), "the map does not come to rest"
    return bool(await page.evaluate(DRAWN, [layer, lon, lat]))


def middle(building: dict[str, Any]) -> tuple[float, float]:
    """Return the mean of a house's corners."""
    ring = building["geometry"]["coordinates"][0][:-1]
    return sum(point[0] for point in ring) / len(ring), sum(point[1] for point in ring) / len(ring)
