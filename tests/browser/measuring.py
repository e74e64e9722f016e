"""What can be measured on a page that is shown: how wide it is, what is cut off, and where the keyboard gets to."""

from __future__ import annotations

from playwright.async_api import Page

# Everything that a press of Tab has to reach, each with a number to know it by. Of radio buttons with one name only one is.
REACHABLE = """() => {
  const all = [...document.querySelectorAll(
    "a[href], button:enabled, input:enabled:not([type=hidden]), select:enabled, textarea:enabled, summary, iframe, [tabindex='0']",
  )];
  const first = (one) => one.type !== "radio" || one.checked
    || (!document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]:checked`)
      && one === document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]`));
  return all.filter((one) => one.checkVisibility({ visibilityProperty: true }) && first(one)).map((one, number) => {
    one.dataset.walk = number;
    return `${one.localName} “${(one.innerText || one.title || one.name || "").trim().slice(0, 40)}”`;
  });
}"""
# Where the focus is: the number from above, whether it can be seen that it is there, and whether something lies over it.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const look = getComputedStyle(one);
  // "auto" is the browser's own ring, whatever width it says.
  const ring = look.outlineStyle === "auto" || (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2);
  const box = one.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 40), 0), innerWidth - 1);
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2; // of what of it is in the window
  const top = y >= 0 && y < innerHeight ? document.elementFromPoint(x, y) : null;
  return {
    number: one.dataset.walk ?? null,
    ring: ring || one.localName === "iframe",
    seen: top !== null && (one.contains(top) || top.contains(one) || one.labels?.[0]?.contains(top) === true),
  };
}"""
WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1 && !one.childElementCount)
  .map((one) => `${one.localName}.${one.className} #${one.id}: ${Math.round(one.getBoundingClientRect().right)} pixels`)"""
# Text that its box cuts off. What is meant for screen readers alone is cut off on purpose, down to a pixel.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((one) => {
  if (!one.checkVisibility() || one.matches(".away, .away *, textarea, svg, svg *, iframe")) return false;
  const look = getComputedStyle(one);
  const wide = one.scrollWidth > one.clientWidth + 1 && ["hidden", "clip"].includes(look.overflowX);
  const high = one.scrollHeight > one.clientHeight + 1 && ["hidden", "clip"].includes(look.overflowY);
  return one.clientWidth > 1 && (wide || high);
}).map((one) => `${one.localName}.${one.className} “${one.innerText.slice(0, 40)}”`)"""
# Words that stand letter below letter, because nothing was left of the width.
CRUSHED = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const away = (it) => it && (getComputedStyle(it).clipPath !== "none" || away(it.parentElement));
  if (!one.checkVisibility() || one.matches("svg *") || away(one)) return false;
  const words = [...one.childNodes].filter((part) => part.nodeType === 3).map((part) => part.data.trim()).join(" ");
  const size = parseFloat(getComputedStyle(one).fontSize);
  return words.length > 8 && one.clientWidth < 3 * size && one.clientHeight > 4 * size;
}).map((one) => `${one.localName}.${one.className} “${one.innerText.slice(0, 40)}”`)"""
# Letters that stay small when somebody asks their browser for larger ones.
UNMOVED = """(before) => [...document.querySelectorAll("body *")].map((one, number) => [one, before[number]])
  .filter(([one, size]) => one.checkVisibility() && [...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim())
  && !one.matches("svg *, option") && parseFloat(getComputedStyle(one).fontSize) < size * 1.9
).map(([one]) => `${one.localName}.${one.className} “${one.textContent.trim().slice(0, 40)}”`)"""
SIZES = """() => [...document.querySelectorAll("body *")].map((one) => parseFloat(getComputedStyle(one).fontSize))"""
LARGEST_WALK = 400


async def sideways(page: Page) -> list[str]:
    """What makes PAGE wider than its window: nothing, unless somebody has to scroll sideways to read it."""
    return await page.evaluate(WIDER)


async def crushed(page: Page) -> list[str]:
    """What has no room left to be read on PAGE."""
    return await page.evaluate(CRUSHED)


async def doubled(page: Page, *, grows: bool) -> list[str]:
    """Ask for letters of twice the size: what stays small, where it should grow, and what is cut off now."""
    before = await page.evaluate(SIZES)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    unmoved = [f"stays small: {one}" for one in await page.evaluate(UNMOVED, before)] if grows else []
    cut = [f"is cut off: {one}" for one in await page.evaluate(CUT_OFF)]
    await page.evaluate("document.documentElement.style.fontSize = ''")
    return unmoved + cut


async def walked(page: Page) -> list[str]:
    """Press Tab on PAGE until everything was reached, or it is plain that something never is: what was not as it should be."""
    known = await page.evaluate(REACHABLE)
    missing, wrong = set(range(len(known))), []
    for _ in range(LARGEST_WALK):
        if not missing:
            break
        await page.keyboard.press("Tab")
        focused = await page.evaluate(FOCUSED)
        if focused is None or focused["number"] is None or (number := int(focused["number"])) not in missing:
            continue
        missing.discard(number)
        if not focused["ring"]:
            wrong.append(f"nothing shows that the focus is at {known[number]}")
        if not focused["seen"]:
            wrong.append(f"the focus is out of sight, or something lies over {known[number]}")
    return wrong + [f"the keyboard never comes to {known[number]}" for number in sorted(missing)]
