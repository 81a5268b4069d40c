// Small additions; every page works without them.
(function () {
  "use strict";

  // Instants come in UTC; people think in their own time. Written as the pages write days.
  const clock = new Intl.DateTimeFormat("en-GB", {
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

  // A popup lies over the page and its notices: while one is open, it tells what there is to tell.
  function told() {
    return document.querySelector("dialog[open] [data-told]") || document.getElementById("notice");
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target.id === "notice" && told() !== event.detail.target) {
      event.detail.target = told();
      event.detail.swapOverride = "innerHTML show:top";
    }
  });

  document.addEventListener("htmx:sendError", function () {
    const place = told();
    const words = document.createElement("p");
    words.className = "notice notice-danger";
    words.textContent = "Workbench did not answer. Check your connection, then reload this page to see what was done.";
    place.replaceChildren(words);
    place.scrollIntoView({ block: "center" });
  });

  // Ticks: all of a name at once, and how many of them there are.
  function ticks(form, name) {
    return Array.from(form.querySelectorAll('input[name="' + name + '"]:not(:disabled)'));
  }
  function count(form) {
    form.querySelectorAll("[data-ticked]").forEach(function (place) {
      const ticked = ticks(form, place.dataset.ticked).filter(function (tick) { return tick.checked; }).length;
      place.value = ticked ? ticked + (ticked === 1 ? " batch ticked" : " batches ticked") : "";
    });
  }
  function followAll(form) {
    form.querySelectorAll("[data-tick-all]").forEach(function (all) {
      const each = ticks(form, all.dataset.tickAll);
      all.checked = each.length > 0 && each.every(function (tick) { return tick.checked; });
    });
  }
  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (!form) { return; }
    if (event.target.matches("[data-tick-all]")) {
      ticks(form, event.target.dataset.tickAll).forEach(function (tick) { tick.checked = event.target.checked; });
    }
    followAll(form);
    count(form);
  });
  function offerAll(root) {
    root.querySelectorAll("[data-tick-all][hidden]").forEach(function (tick) {
      tick.hidden = ticks(tick.form, tick.dataset.tickAll).length < 2;
    });
  }

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // A page that comes back refused leads to its first box that is wrong, where it asks for nothing else.
  function toTheFault() {
    const wrong = document.querySelector('main [aria-invalid="true"]');
    if (wrong && !document.querySelector("main [autofocus]")) { wrong.focus(); }
  }

  document.addEventListener("htmx:load", function (event) { localTimes(event.target); offerAll(event.target); });
  document.addEventListener("DOMContentLoaded", function () { localTimes(document); offerAll(document); toTheFault(); });
})();
