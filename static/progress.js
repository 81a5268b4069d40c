// Keeps a run's panel up to date: by its stream while that is open, by asking again while it is not.
// A panel without data-stream has ended; nothing is asked for it any more.
(function () {
  "use strict";

  const POLL_MS = 3000;
  const streams = new Map();

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
    panels().forEach(function (panel) {
      const source = streams.get(panel.id);
      if (!source || source.readyState !== EventSource.OPEN) {
        htmx.trigger(panel, "refresh");
      }
    });
  }

  document.addEventListener("htmx:load", look);
  document.addEventListener("DOMContentLoaded", look);
  window.setInterval(poll, POLL_MS);
})();
