// One slide at a time over the whole screen, by keys, buttons or a finger.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../core/html.js";
import { Slide } from "./slides.js";

const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];
const SMALLEST = 14; // pixels; what is longer still is scrolled
const SWIPE = 60;

export function Presenter({ slides, first = 0, close }) {
  const own = useRef();
  const room = useRef();
  const [at, setAt] = useState(first);
  const place = Math.min(at, slides.length - 1);
  const to = (next) => setAt(Math.max(0, Math.min(slides.length - 1, next)));

  useEffect(() => {
    const dialog = own.current;
    const before = document.activeElement;
    dialog.showModal();
    room.current.focus();
    dialog.requestFullscreen?.().catch(() => {});
    return () => {
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
      dialog.close();
      before?.focus();
    };
  }, []);

  // A screen is left by its own Escape; the slides leave with it.
  useEffect(() => {
    const listen = () => document.fullscreenElement || close();
    document.addEventListener("fullscreenchange", listen);
    return () => document.removeEventListener("fullscreenchange", listen);
  }, [close]);

  useLayoutEffect(() => {
    const fit = () => fitted(room.current);
    fit();
    addEventListener("resize", fit);
    return () => removeEventListener("resize", fit);
  }, [place, slides]);

  // Keys work wherever the focus is: a button that gets disabled under it would lose them.
  const keys = useRef();
  keys.current = (event) => {
    if (event.target.tagName === "BUTTON" && [" ", "Enter"].includes(event.key)) return;
    const go = NEXT.includes(event.key) ? place + 1 : BACK.includes(event.key) ? place - 1 : { Home: 0, End: slides.length - 1 }[event.key];
    if (go === undefined) return;
    event.preventDefault();
    to(go);
  };
  useEffect(() => {
    const listen = (event) => keys.current(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  const touch = useRef(null);
  const ends = (event) => {
    const moved = event.changedTouches[0].clientX - (touch.current ?? event.changedTouches[0].clientX);
    if (Math.abs(moved) > SWIPE) to(place + (moved < 0 ? 1 : -1));
  };
  return html`<dialog
    ref=${own}
    class="dx-dialog dx-presenter"
    aria-label="末次会议放映"
    onCancel=${(event) => {
      event.preventDefault();
      close();
    }}
    onTouchStart=${(event) => (touch.current = event.changedTouches[0].clientX)}
    onTouchEnd=${ends}
  >
    <div class="dx-slide-room" ref=${room} tabindex="0" role="group" aria-roledescription="幻灯片" aria-label=${`第 ${place + 1} 张，共 ${slides.length} 张`}>
      <${Slide} key=${slides[place].key} slide=${slides[place]} />
    </div>
    <div class="dx-slide-bar">
      <button type="button" class="dx-button" onClick=${() => to(place - 1)} disabled=${place === 0}>上一张</button>
      <span role="status" aria-live="polite">${place + 1}/${slides.length}<span class="dx-only-heard"> ${slides[place].title}</span></span>
      <button type="button" class="dx-button" onClick=${() => to(place + 1)} disabled=${place === slides.length - 1}>下一张</button>
      <button type="button" class="dx-button" onClick=${close}>退出放映</button>
    </div>
  </dialog>`;
}

/** Make the letters as much smaller as it takes for a slide to fit. */
function fitted(room) {
  if (!room) return;
  room.style.removeProperty("font-size");
  for (let size = parseFloat(getComputedStyle(room).fontSize); size >= SMALLEST; size -= 1) {
    room.style.fontSize = `${size}px`;
    if (room.scrollHeight <= room.clientHeight && room.scrollWidth <= room.clientWidth) return;
  }
}
