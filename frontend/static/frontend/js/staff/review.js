/* The release queue: Ctrl+Enter sends the form from wherever the cursor is. */
const form = document.querySelector("[data-review]")

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return
  event.preventDefault()
  form.requestSubmit(form.querySelector('[value="zeigen"]'))
})
