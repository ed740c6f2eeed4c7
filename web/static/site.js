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

// An upload with a bar: the answer is shown as if the browser had sent the form itself.
function sendWithBar(form) {
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", form.dataset.progress);
  form.appendChild(bar);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", function (event) { bar.value = event.loaded / event.total; });
  request.addEventListener("error", function () { delete form.dataset.progress; form.submit(); });
  request.addEventListener("load", function () {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    if (request.responseURL !== location.href) history.pushState(null, "", request.responseURL);
    document.querySelectorAll("main select[data-filter]").forEach(filterable);
    window.scrollTo(0, 0);
  });
  request.send(new FormData(form));
}

document.addEventListener("submit", function (event) {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  if (form.dataset.progress) {
    event.preventDefault();
    sendWithBar(form);
  }
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", function () {
  document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
});
