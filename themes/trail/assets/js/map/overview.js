// overview draws a large map in small, with a frame around what is in sight, and leads to where it is pressed. It says nothing that the
// map does not say: for a keyboard there are the keys that scroll. It returns what is called when the map looks different.
export function overview(scroll, tools) {
  const canvas = document.createElement("canvas");
  canvas.className = "map-overview";
  canvas.setAttribute("aria-hidden", "true");
  canvas.hidden = true;
  tools.append(canvas);
  const pen = canvas.getContext("2d");
  const most = { width: 224, height: 64 };
  const still = document.createElement("canvas"); // the map without the frame
  let k = 1;

  const frame = () => {
    if (canvas.hidden) return;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(still, 0, 0);
    pen.strokeStyle = getComputedStyle(scroll).color;
    pen.lineWidth = 1.5;
    const x = scroll.scrollLeft + (getComputedStyle(scroll).direction === "rtl" ? scroll.scrollWidth - scroll.clientWidth : 0);
    pen.strokeRect(x * k + 0.75, scroll.scrollTop * k + 0.75, scroll.clientWidth * k - 1.5, scroll.clientHeight * k - 1.5);
  };
  const draw = () => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = scroll;
    canvas.hidden = !clientWidth || (scrollWidth < clientWidth * 1.2 && scrollHeight < clientHeight * 1.2);
    if (canvas.hidden) return;
    const sharp = Math.min(devicePixelRatio || 1, 2);
    const fit = Math.min(most.width / scrollWidth, most.height / scrollHeight);
    canvas.style.width = `${scrollWidth * fit}px`;
    canvas.style.height = `${scrollHeight * fit}px`;
    canvas.width = still.width = Math.ceil(scrollWidth * fit * sharp);
    canvas.height = still.height = Math.ceil(scrollHeight * fit * sharp);
    k = canvas.width / scrollWidth;
    const brush = still.getContext("2d");
    const box = scroll.getBoundingClientRect();
    const left = box.left - scroll.scrollLeft - (getComputedStyle(scroll).direction === "rtl" ? scrollWidth - clientWidth : 0);
    const top = box.top - scroll.scrollTop;
    for (const card of scroll.querySelectorAll(".card")) {
      const r = card.getBoundingClientRect();
      if (!r.width) continue;
      const look = getComputedStyle(card);
      brush.fillStyle = look.backgroundColor;
      brush.strokeStyle = look.borderTopColor;
      brush.fillRect((r.left - left) * k, (r.top - top) * k, r.width * k, r.height * k);
      brush.strokeRect((r.left - left) * k, (r.top - top) * k, r.width * k, r.height * k);
    }
    frame();
  };

  const soon = (act) => {
    let asked = 0;
    return () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(act);
    };
  };
  const go = (event) => {
    if (event.buttons !== 1) return;
    const sharp = canvas.width / canvas.clientWidth;
    scroll.scrollTo({
      left: (event.offsetX * sharp) / k - scroll.clientWidth / 2 - (getComputedStyle(scroll).direction === "rtl" ? scroll.scrollWidth - scroll.clientWidth : 0),
      top: (event.offsetY * sharp) / k - scroll.clientHeight / 2, behavior: "instant",
    });
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    go(event);
  });
  canvas.addEventListener("pointermove", go);
  scroll.addEventListener("scroll", soon(frame), { passive: true });
  const again = soon(draw);
  new ResizeObserver(again).observe(scroll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return again;
}
