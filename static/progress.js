// Keeps a run's panel up to date: by its stream while that is open, by asking again while it is not.
// A panel without data-stream has ended; nothing is asked for it any more.
(function () {
  "use strict";

  // Each page asks at its own pace, and less often the longer it has been asking: two hundred
  // watchers must neither come all at once nor all the time.
  const FIRST_MS = 3000;
  const SLOWEST_MS = 12000;
  const SLOWER = 1.15;
  const streams = new Map();
  let pace = FIRST_MS;

  function panels() {
    return Array.from(document.querySelectorAll("[data-stream]"));
  }

  function tidy() {
    const running = new Set(panels().map(function (panel) { return panel.id; }));
    streams.forEach(function (source, id) {
      if (!running.has(id)) {
        source.close();
        streams.delete(id);
        // What else the page shows may have changed with the end of the run.
        htmx.trigger(document.body, "run-ended");
      }
    });
    return running.size;
  }

  function open(panel) {
    const id = panel.id;
    if (streams.has(id)) {
      return;
    }
    const source = new EventSource(panel.dataset.stream);
    streams.set(id, source);
    source.addEventListener("progress", function (event) {
      const shown = document.getElementById(id);
      if (shown && event.data) {
        htmx.swap(shown, event.data, { swapStyle: "outerHTML" });
      }
      tidy();
    });
  }

  function look() {
    tidy();
    panels().forEach(open);
  }

  function poll() {
    tidy();
    const unheard = panels().filter(function (panel) {
      const source = streams.get(panel.id);
      return !source || source.readyState !== EventSource.OPEN;
    });
    unheard.forEach(function (panel) { htmx.trigger(panel, "refresh"); });
    pace = unheard.length ? Math.min(pace * SLOWER, SLOWEST_MS) : FIRST_MS;
    again();
  }

  function again() {
    window.setTimeout(poll, pace * (0.5 + Math.random()));
  }

  document.addEventListener("htmx:load", look);
  document.addEventListener("DOMContentLoaded", look);
  again();
})();
