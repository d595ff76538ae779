// <pixel-pad>: areas drawn upon a picture by finger, mouse or keyboard, shown as they will be.
// <photo-pixels>: the same in a dialog for a photo that is still on the device.

import { inside, mosaic } from "#js/report/mosaic.js"
import { ENOUGH } from "#js/report/shrink.js"

const TAP = 8 // CSS px; what moves less was a tap
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const MOVES = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }

class PixelPad extends HTMLElement {
  #areas = []
  #before = [] // what "undo" brings back
  #chosen = -1

  connectedCallback() {
    this.stage = this.querySelector("[data-stage]")
    this.image = this.stage.querySelector("img")
    this.tools = this.querySelector("[data-tools]")
    this.querySelector("[data-grid]")?.remove()
    this.canvas = document.createElement("canvas")
    this.boxes = Object.assign(document.createElement("div"), { className: "pixel-boxes" })
    this.stage.append(this.canvas, this.boxes)
    this.tools.hidden = false
    this.tools.addEventListener("click", (event) => this.#pressed(event))
    this.boxes.addEventListener("pointerdown", (event) => this.#grab(event))
    this.boxes.addEventListener("keydown", (event) => this.#typed(event))
    this.boxes.addEventListener("focusin", (event) => this.#choose(Number(event.target.dataset.n)))
    this.image.addEventListener("load", () => this.#draw())
    if (this.dataset.width) this.start({ width: Number(this.dataset.width), height: Number(this.dataset.height) })
  }

  /** Begin with a picture of this size in px and no areas. */
  start(size) {
    this.size = size
    this.#areas = []
    this.#before = []
    Object.assign(this.canvas, size)
    this.stage.classList.toggle("tall", size.height > size.width)
    this.#show()
  }

  get areas() {
    return [...this.#areas]
  }

  // ── Changing ─────────────────────────────────────────────────────────────────────────────
  /** Remember how it was: one step back for each gesture. */
  #keep() {
    this.#before.push(this.areas)
  }

  #add(area) {
    this.#areas.push(inside(area, this.size))
    this.#chosen = this.#areas.length - 1
    this.#show()
  }

  /** A fresh one of a handy size around a point; in the middle of the picture without one. */
  #addAround(x = this.size.width / 2, y = this.size.height / 2) {
    const side = Math.max(this.size.width, this.size.height) / 6
    this.#keep()
    this.#add({ left: x - side / 2, top: y - side / 2, width: side, height: side })
    this.#focus()
  }

  #change(n, area) {
    this.#areas[n] = inside(area, this.size)
    this.#show()
  }

  #step(n, [x, y], { sizes = false } = {}) {
    const area = this.#areas[n]
    const step = Math.max(this.size.width, this.size.height) / 50
    this.#keep()
    if (sizes) this.#change(n, { ...area, width: area.width + x * step, height: area.height + y * step })
    else this.#change(n, { ...area, left: area.left + x * step, top: area.top + y * step })
  }

  #grow(n, by) {
    const { left, top, width, height } = this.#areas[n]
    this.#keep()
    const wider = (by * Math.max(this.size.width, this.size.height)) / 25
    this.#change(n, { left: left - wider / 2, top: top - wider / 2, width: width + wider, height: height + wider })
  }

  #remove(n) {
    this.#keep()
    this.#areas.splice(n, 1)
    this.#chosen = Math.min(n, this.#areas.length - 1)
    this.#show()
    this.#focus()
    this.#say(this.tools.dataset.wordsRemoved)
  }

  #undo() {
    this.#areas = this.#before.pop() ?? []
    this.#chosen = this.#areas.length - 1
    this.#show()
    this.#say(this.tools.dataset.wordsUndone)
  }

  // ── Buttons and keys ─────────────────────────────────────────────────────────────────────
  #pressed(event) {
    const what = event.target.closest("[data-do]")?.dataset.do
    if (what === "add") this.#addAround()
    else if (what === "undo") this.#undo()
    else if (!what || this.#chosen < 0) return
    else if (what === "remove") this.#remove(this.#chosen)
    else if (what === "larger" || what === "smaller") this.#grow(this.#chosen, what === "larger" ? 1 : -1)
    else this.#step(this.#chosen, MOVES[what])
  }

  #typed(event) {
    const n = Number(event.target.dataset.n)
    if (KEYS[event.key]) this.#step(n, KEYS[event.key], { sizes: event.shiftKey })
    else if (event.key === "Delete" || event.key === "Backspace") this.#remove(n)
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.#undo()
    else return
    event.preventDefault()
  }

  // ── Finger and mouse ─────────────────────────────────────────────────────────────────────
  #grab(event) {
    if (event.button) return
    event.preventDefault()
    const from = this.#spot(event)
    const box = event.target.closest("[data-n]")
    const before = this.areas
    const n = box ? Number(box.dataset.n) : this.#areas.length
    const resizes = event.target.closest(".corner")
    const start = box ? this.#areas[n] : null
    if (box) this.#choose(n)
    const move = (moved) => {
      const to = this.#spot(moved)
      if (!start) this.#areas[n] = inside(between(from, to), this.size)
      else if (resizes) this.#areas[n] = inside({ ...start, width: start.width + to.x - from.x, height: start.height + to.y - from.y }, this.size)
      else this.#areas[n] = inside({ ...start, left: start.left + to.x - from.x, top: start.top + to.y - from.y }, this.size)
      this.#chosen = n
      this.#show()
    }
    const end = (ended) => {
      const moved = Math.hypot(ended.clientX - event.clientX, ended.clientY - event.clientY)
      if (ended.type === "pointercancel" || moved < TAP) {
        this.#areas = before
        if (box || ended.type === "pointercancel") this.#show()
        else this.#addAround(from.x, from.y)
      } else this.#before.push(before)
      this.#focus()
    }
    const over = new AbortController()
    const last = (ended) => {
      over.abort()
      end(ended)
    }
    this.boxes.setPointerCapture(event.pointerId)
    this.boxes.addEventListener("pointermove", move, over)
    this.boxes.addEventListener("pointerup", last, over)
    this.boxes.addEventListener("pointercancel", last, over)
  }

  /** Where the pointer is, in px of the picture. */
  #spot(event) {
    const frame = this.canvas.getBoundingClientRect()
    return {
      x: ((event.clientX - frame.left) / frame.width) * this.size.width,
      y: ((event.clientY - frame.top) / frame.height) * this.size.height,
    }
  }

  // ── Showing ──────────────────────────────────────────────────────────────────────────────
  #show() {
    const { width, height } = this.size
    while (this.boxes.children.length > this.#areas.length) this.boxes.lastElementChild.remove()
    while (this.boxes.children.length < this.#areas.length) this.boxes.append(box())
    this.#areas.forEach((area, n) => {
      const element = this.boxes.children[n]
      element.dataset.n = n
      element.classList.toggle("is-chosen", n === this.#chosen)
      element.setAttribute("aria-describedby", "pixel-help")
      element.setAttribute("aria-label", this.#named(area, n))
      const part = { left: area.left / width, top: area.top / height, width: area.width / width, height: area.height / height }
      for (const [side, share] of Object.entries(part)) element.style[side] = `${share * 100}%`
    })
    this.#canChange(this.#chosen >= 0)
    this.querySelector("[data-do=undo]").disabled = !this.#before.length
    this.#fields()
    this.#draw()
    this.dispatchEvent(new CustomEvent("pixels:changed", { bubbles: true, detail: { count: this.#areas.length } }))
  }

  #named(area, n) {
    const percent = (part, whole) => Math.round((100 * part) / whole)
    const facts = {
      n: n + 1,
      all: this.#areas.length,
      left: percent(area.left, this.size.width),
      top: percent(area.top, this.size.height),
      width: percent(area.width, this.size.width),
      height: percent(area.height, this.size.height),
    }
    return this.tools.dataset.wordsArea.replace(/\{(\w+)\}/g, (_, name) => facts[name])
  }

  /** What a plain form takes along: one field for each area. */
  #fields() {
    const form = this.closest("form.pixel-form")
    if (!form) return
    for (const old of form.querySelectorAll("[name=area]")) old.remove()
    for (const { left, top, width, height } of this.#areas) {
      const value = [left, top, width, height].join(",")
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "area", value }))
    }
  }

  #draw() {
    if (this.frame || !this.image.complete || !this.image.naturalWidth) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      paint(this.canvas, this.image, this.#areas)
    })
  }

  #choose(n) {
    if (n === this.#chosen || !(n >= 0)) return
    this.#chosen = n
    for (const [at, element] of [...this.boxes.children].entries()) element.classList.toggle("is-chosen", at === n)
    this.#canChange(true)
  }

  /** Disabled rather than hidden: nothing may move under a finger that draws. */
  #canChange(can) {
    for (const button of this.querySelectorAll("[data-chosen] button")) button.disabled = !can
  }

  #focus() {
    const element = this.boxes.children[this.#chosen] ?? this.querySelector("[data-do=add]")
    element.focus({ preventScroll: true })
  }

  #say(sentence) {
    this.querySelector("[data-said]").textContent = sentence
  }
}

function box() {
  const element = Object.assign(document.createElement("button"), { type: "button", className: "pixel-box" })
  element.append(Object.assign(document.createElement("span"), { className: "corner" }))
  return element
}

function between(from, to) {
  return {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  }
}

/** Draw the picture upon the canvas with blocks where the areas are. */
function paint(canvas, picture, areas) {
  const brush = canvas.getContext("2d", { willReadFrequently: true })
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height)
  for (const { left, top, width, height } of areas) {
    brush.putImageData(mosaic(brush.getImageData(left, top, width, height)), left, top)
  }
}

/** The photo with blocks in place of the areas, as a file of its own. */
async function pixelated(blob, areas) {
  const picture = await createImageBitmap(blob, { imageOrientation: "from-image" })
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height })
  paint(canvas, picture, areas)
  picture.close()
  const copy = await encoded(canvas, 0.82)
  return copy && copy.size > ENOUGH ? encoded(canvas, 0.66) : copy
}

function encoded(canvas, quality) {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality))
}

/** Delete at the server what lies there of the photo. Without a network it goes within a day. */
function drop(url, id) {
  fetch(`${url}${id}/`, { method: "DELETE", credentials: "omit", keepalive: true }).catch(() => {})
}

class PhotoPixels extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    this.pad = this.querySelector("pixel-pad")
    this.picker = this.closest("photo-picker")
    this.picker.addEventListener("click", (event) => this.#pressed(event))
    this.pad.addEventListener("pixels:changed", ({ detail }) => {
      this.querySelector("[data-apply]").disabled = detail.count === 0
    })
    this.dialog.addEventListener("close", () => this.#closed())
  }

  #pressed(event) {
    const button = event.target.closest("[data-pixelate]")
    if (button) this.#open(button.closest("[data-photo]").dataset.photo, button)
    if (event.target.closest("[data-apply]")) this.#apply()
    if (event.target.closest("[data-cancel]")) this.dialog.close()
  }

  async #open(id, button) {
    const blob = this.picker.blobs().get(id)
    const picture = blob && (await createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => null))
    if (!picture) {
      this.#onServer(id)
      return
    }
    Object.assign(this, { id, blob, button })
    this.pad.start({ width: picture.width, height: picture.height })
    picture.close()
    this.pad.image.src = URL.createObjectURL(blob)
    this.dialog.showModal()
  }

  /** The device can't open it, or has it no more: the page of the server does it. */
  #onServer(id) {
    const form = this.closest("form")
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "pixelate", value: id }))
    HTMLFormElement.prototype.submit.call(form)
  }

  async #apply() {
    const blob = await pixelated(this.blob, this.pad.areas)
    if (blob) {
      this.picker.replace(this.id, blob)
      drop(this.picker.dataset.url, this.id)
    }
    this.dialog.close()
  }

  #closed() {
    URL.revokeObjectURL(this.pad.image.src)
    this.button?.focus()
  }
}

customElements.define("pixel-pad", PixelPad)
customElements.define("photo-pixels", PhotoPixels)
