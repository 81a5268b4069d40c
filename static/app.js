// Small additions; every page works without them.
(function () {
  "use strict";

  // Instants come in UTC; people think in their own time.
  const clock = new Intl.DateTimeFormat(undefined, {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
  });
  function localTimes(root) {
    root.querySelectorAll("time[datetime]").forEach(function (time) {
      time.title = time.dateTime;
      time.textContent = clock.format(new Date(time.dateTime));
    });
  }

  function token() {
    return document.querySelector('meta[name="csrf-token"]').content;
  }

  document.addEventListener("htmx:configRequest", function (event) {
    event.detail.headers["X-CSRFToken"] = token();
  });

  document.addEventListener("htmx:sendError", function () {
    const place = document.getElementById("notice");
    const words = document.createElement("p");
    words.className = "notice notice-danger";
    words.textContent = "Workbench did not answer. Check your connection, then reload this page to see what was done.";
    place.replaceChildren(words);
    place.scrollIntoView({ block: "center" });
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit-on-change]")) {
      event.target.form.requestSubmit();
    }
  });

  document.addEventListener("htmx:load", function (event) { localTimes(event.target); });
  document.addEventListener("DOMContentLoaded", function () { localTimes(document); });
})();
