// How much of the window is taken at its top by what stays in sight, for all that sticks below it.
import { useLayoutEffect } from "../core/html.js";

/** Keep --dx-head at the height that the head, or the notice in its place, really takes. On a phone
 * the line of tools, --dx-tools, scrolls away. */
export function useSticking(inside, link) {
  const lost = link === "lost";
  useLayoutEffect(() => {
    const page = inside.current.closest(".dx");
    const sticking = page.querySelector(lost ? ".dx-lost" : ".dx-head");
    if (!sticking) return undefined;
    const measure = () => {
      const tools = page.querySelector(".dx-head-tools")?.getBoundingClientRect().height ?? 0;
      page.style.setProperty("--dx-tools", `${tools}px`);
      const hidden = Math.min(0, parseFloat(getComputedStyle(sticking).top) || 0);
      page.style.setProperty("--dx-head", `${sticking.getBoundingClientRect().height + hidden}px`);
    };
    const watch = new ResizeObserver(measure);
    watch.observe(sticking);
    measure();
    return () => watch.disconnect();
  }, [lost]);
}
