// The head's lists: one tick for all lines of a page.
document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-all]")) return;
    for (const box of event.target.form.querySelectorAll("input[name=client]")) box.checked = event.target.checked;
});
