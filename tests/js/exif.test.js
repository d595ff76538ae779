import assert from "node:assert/strict"
import test from "node:test"

import { positionIn, takenIn } from "#js/report/exif.js"
import { positionOf } from "#js/report/upload.js"

/** A file with the beginning of a JPEG and a GPS directory, as cameras write it. */
function photo({ up = "N", lat = [49, 40, 52], across = "E", lon = [8, 37, 14], little = true } = {}) {
  const tiff = new DataView(new ArrayBuffer(200))
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d)
  tiff.setUint16(2, 42, little)
  tiff.setUint32(4, 8, little)
  tiff.setUint16(8, 1, little)
  entry(10, 0x8825, 4, 26)
  tiff.setUint16(26, 4, little)
  letter(28, 1, up)
  entry(40, 2, 5, 100)
  letter(52, 3, across)
  entry(64, 4, 5, 130)
  for (const [at, numbers] of [[100, lat], [130, lon]]) {
    for (const [n, number] of numbers.entries()) {
      tiff.setUint32(at + n * 8, number * 100, little)
      tiff.setUint32(at + n * 8 + 4, number < 0 ? 0 : 100, little)
    }
  }
  function entry(at, tag, kind, value) {
    tiff.setUint16(at, tag, little)
    tiff.setUint16(at + 2, kind, little)
    tiff.setUint32(at + 4, 3, little)
    tiff.setUint32(at + 8, value, little)
  }
  function letter(at, tag, text) {
    entry(at, tag, 2, 0)
    tiff.setUint8(at + 8, text.charCodeAt(0))
  }
  const head = [0xff, 0xd8, 0xff, 0xe1, 0, 0, 0x45, 0x78, 0x69, 0x66, 0, 0]
  return new Uint8Array([...head, ...new Uint8Array(tiff.buffer)])
}

const rounded = (position) => position?.map((degrees) => Number(degrees.toFixed(4)))

test("where a photo was taken is read in either byte order", () => {
  assert.deepEqual(rounded(positionIn(photo())), [8.6206, 49.6811])
  assert.deepEqual(rounded(positionIn(photo({ little: false }))), [8.6206, 49.6811])
})

test("south and west count down", () => {
  assert.deepEqual(rounded(positionIn(photo({ up: "S", across: "W" }))), [-8.6206, -49.6811])
})

test("what makes no sense is no position", () => {
  assert.equal(positionIn(photo({ lat: [0, 0, 0], lon: [0, 0, 0] })), null)
  assert.equal(positionIn(photo({ lat: [91, 0, 0] })), null)
  assert.equal(positionIn(photo({ lat: [-1, 0, 0] })), null) // a denominator of 0
  assert.equal(positionIn(photo({ up: "E", across: "N" })), null)
})

test("a cut, an empty and a broken file have none and do no harm", () => {
  const whole = photo()
  for (let end = 0; end < 160; end += 7) assert.equal(positionIn(whole.slice(0, end)), null)
  assert.equal(positionIn(whole.map((byte, at) => (at > 14 ? 255 : byte))), null)
  assert.equal(positionIn(new Uint8Array(0)), null)
})

test("the server's answer may name a position", () => {
  assert.deepEqual(positionOf('{"position": {"lat": 49.68, "lon": 8.62}}'), [8.62, 49.68])
  assert.equal(positionOf('{"position": null}'), null)
  assert.equal(positionOf("<html>"), null)
})

/** A file whose camera noted when. */
function dated(date, offset) {
  const tiff = new DataView(new ArrayBuffer(160))
  tiff.setUint16(0, 0x4949)
  tiff.setUint16(2, 42, true)
  tiff.setUint32(4, 8, true)
  tiff.setUint16(8, 1, true)
  const entry = (at, tag, length, value) => {
    tiff.setUint16(at, tag, true)
    tiff.setUint16(at + 2, 2, true)
    tiff.setUint32(at + 4, length, true)
    tiff.setUint32(at + 8, value, true)
  }
  entry(10, 0x8769, 1, 26)
  tiff.setUint16(26, 2, true)
  entry(28, 0x9003, 20, 80)
  entry(40, 0x9011, 7, 110)
  const write = (at, text) => [...text].forEach((letter, n) => tiff.setUint8(at + n, letter.charCodeAt(0)))
  write(80, date)
  write(110, offset)
  const head = [0xff, 0xd8, 0xff, 0xe1, 0, 0, 0x45, 0x78, 0x69, 0x66, 0, 0]
  return new Uint8Array([...head, ...new Uint8Array(tiff.buffer)])
}

test("when a photo was taken is read with its offset, and without one as here", () => {
  assert.equal(takenIn(dated("2026:11:22 07:30:00", "+01:00")), Date.UTC(2026, 10, 22, 6, 30))
  assert.equal(takenIn(dated("2026:11:22 07:30:00", "")), new Date(2026, 10, 22, 7, 30).getTime())
  assert.equal(takenIn(dated("0000:00:00 00:00:00", "")), null)
  assert.equal(takenIn(dated("", "")), null)
  assert.equal(takenIn(photo()), null)
})
