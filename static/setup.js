// The set-up screens: records open over their list, and accounts are found while one types.
(function () {
  "use strict";

  // The popup: htmx fills it, this opens it. Without JavaScript its link leads to a page.
  function popup() { return document.getElementById("popup"); }
  document.addEventListener("htmx:afterSettle", function (event) {
    const dialog = popup();
    if (dialog && event.detail.target === dialog && !dialog.open) {
      dialog.showModal();
      const first = dialog.querySelector("fieldset:not(:disabled) :is(input, select):not([readonly])");
      (first || dialog.querySelector("h1")).focus();
    }
  });
  // What is said of a box is said to be wrong to those who hear the page, too.
  document.addEventListener("htmx:afterSwap", function (event) {
    const said = event.detail.target;
    if (!said.matches(".said")) { return; }
    document.querySelectorAll('[aria-describedby="' + said.id + '"]').forEach(function (box) {
      box.setAttribute("aria-invalid", String(said.querySelector(".fault") !== null));
    });
  });

  // What was pressed went with the part it stood in: who pressed it is led to the first box that is
  // wrong, or to the heading.
  document.addEventListener("htmx:afterSettle", function () {
    const record = document.getElementById("record");
    if (record && document.activeElement === document.body) {
      (record.querySelector('[aria-invalid="true"]') || document.getElementById("record-title")).focus();
    }
  });
  document.addEventListener("click", function (event) {
    const dialog = popup();
    if (dialog && dialog.open && event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  document.addEventListener("close", function (event) {
    if (event.target === popup()) { event.target.replaceChildren(); }
  }, true);

  // The picker: a box with a list below it (the combobox pattern of the ARIA practices).
  function list(box) { return document.getElementById(box.getAttribute("aria-controls")); }
  function options(box) { return Array.from(list(box).querySelectorAll('[role="option"]')); }
  function open(box, yes) {
    list(box).hidden = !yes;
    box.setAttribute("aria-expanded", String(yes));
    if (!yes) { point(box, null); }
  }
  function point(box, option) {
    options(box).forEach(function (one) { one.setAttribute("aria-selected", String(one === option)); });
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }
  function pick(box, option) {
    box.value = option.dataset.value;
    open(box, false);
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function picker(event) {
    const box = event.target;
    return box instanceof Element && box.matches('[role="combobox"]') ? box : null;
  }

  document.addEventListener("htmx:afterSwap", function (event) {
    const target = event.detail.target;
    if (!target.matches('[role="listbox"]')) { return; }
    const box = document.querySelector('[aria-controls="' + target.id + '"]');
    open(box, document.activeElement === box && options(box).length > 0);
  });
  document.addEventListener("keydown", function (event) {
    const box = picker(event);
    if (!box) { return; }
    const shut = list(box).hidden;
    const all = options(box);
    const at = all.findIndex(function (one) { return one.id === box.getAttribute("aria-activedescendant"); });
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (shut) {
        box.dispatchEvent(new Event("look"));
      } else {
        const step = event.key === "ArrowDown" ? 1 : -1;
        point(box, all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
      }
    } else if (event.key === "Enter" && !shut && at >= 0) {
      event.preventDefault();
      pick(box, all[at]);
    } else if (event.key === "Escape" && !shut) {
      // Only the list closes, not the popup around it.
      event.preventDefault();
      open(box, false);
    }
  });
  document.addEventListener("mousedown", function (event) {
    const option = event.target.closest ? event.target.closest('.picker [role="option"]') : null;
    if (option) {
      event.preventDefault();
      pick(option.closest(".picker").querySelector('[role="combobox"]'), option);
    }
  });
  document.addEventListener("focusout", function (event) {
    const box = picker(event);
    if (box) { open(box, false); }
  });
})();
