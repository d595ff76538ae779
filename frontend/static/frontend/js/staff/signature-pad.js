// <signature-pad>: strokes of finger, pen or mouse, as whole numbers in the form's hidden field.

class SignaturePad extends HTMLElement {
  #strokes = []
  #stroke = null
  #canvas
  #edge
  #abort = new AbortController()

  connectedCallback() {
    this.#canvas = this.querySelector("canvas")
    this.#edge = Number(this.dataset.edge)
    const { signal } = this.#abort
    this.#canvas.addEventListener("pointerdown", (event) => this.#begin(event), { signal })
    this.#canvas.addEventListener("pointermove", (event) => this.#go(event), { signal })
    for (const end of ["pointerup", "pointercancel"])
      this.#canvas.addEventListener(end, () => this.#lift(), { signal })
    this.querySelector("button").addEventListener("click", () => this.clear(), { signal })
    this.#tell()
  }

  disconnectedCallback() {
    this.#abort.abort()
  }

  clear() {
    this.#strokes = []
    this.#paint()
    this.#tell()
  }

  #begin(event) {
    event.preventDefault()
    this.#canvas.setPointerCapture(event.pointerId)
    this.#stroke = [...this.#place(event)]
    this.#strokes.push(this.#stroke)
    const radio = this.closest("form")?.querySelector('input[name="receipt"][value="signature"]')
    if (radio) radio.checked = true
  }

  #go(event) {
    if (!this.#stroke) return
    for (const moved of event.getCoalescedEvents?.() ?? [event])
      this.#stroke.push(...this.#place(moved))
    this.#paint()
  }

  #lift() {
    if (!this.#stroke) return
    this.#stroke = null
    this.#paint()
    this.#tell()
  }

  // In the pad's own grid: as wide as data-edge, a quarter as high.
  #place(event) {
    const box = this.#canvas.getBoundingClientRect()
    const fit = (value, most) => Math.min(most - 1, Math.max(0, Math.round(value * most)))
    return [
      fit((event.clientX - box.left) / box.width, this.#edge),
      fit((event.clientY - box.top) / box.height, this.#edge / 4),
    ]
  }

  #paint() {
    const pen = this.#canvas.getContext("2d")
    const scale = this.#canvas.width / this.#edge
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
    pen.strokeStyle = getComputedStyle(this).color
    pen.lineWidth = 3
    pen.lineCap = pen.lineJoin = "round"
    for (const stroke of this.#strokes) {
      pen.beginPath()
      pen.moveTo(stroke[0] * scale, stroke[1] * scale)
      for (let at = 2; at < stroke.length; at += 2)
        pen.lineTo(stroke[at] * scale, stroke[at + 1] * scale)
      pen.stroke()
    }
  }

  #tell() {
    const field = document.getElementById(this.dataset.field)
    field.value = this.#strokes.length ? JSON.stringify(this.#strokes) : ""
    this.querySelector("[role=status]").textContent = this.#strokes.length
      ? this.dataset.signed
      : this.dataset.empty
  }
}

customElements.define("signature-pad", SignaturePad)
