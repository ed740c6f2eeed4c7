/* Everything works without this file; with it, long lists can be filtered and a form is not sent twice. */
"use strict";

function filterable(select) {
  if (select.options.length < 9) return;
  const box = document.createElement("input");
  box.type = "search";
  box.className = "filter";
  box.placeholder = select.dataset.filter;
  box.setAttribute("aria-label", select.dataset.filter);
  box.addEventListener("input", function () {
    const wanted = box.value.trim();
    let first = null;
    for (const option of select.options) {
      const group = option.parentNode.label || "";
      const fits = option.value === "" || (option.text + group).includes(wanted);
      option.hidden = !fits;
      option.disabled = !fits;
      if (fits && option.value && !first) first = option;
    }
    if (wanted && first) select.value = first.value;
  });
  select.parentNode.insertBefore(box, select);
}

document.querySelectorAll("select[data-filter]").forEach(filterable);

document.addEventListener("submit", function (event) {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", function () {
  document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
});
