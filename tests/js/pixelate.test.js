import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"

import { blocksOf, inside, mosaic, rounded } from "#js/report/mosaic.js"

const cases = JSON.parse(readFileSync(new URL("../mosaic.json", import.meta.url), "utf8"))

function picture(width, height, colour) {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < data.length; at += 4) {
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)]
    data.set([...colour(x, y), 255], at)
  }
  return { data, width, height }
}

test("areas get as many blocks as on the server", () => {
  for (const { size, blocks } of cases.areas) assert.deepEqual(blocksOf(...size), blocks)
  for (const [value, shade] of cases.shades) assert.equal(rounded(value), shade)
})

test("of a fine drawing one colour for each block is left", () => {
  const drawn = picture(96, 96, (x, y) => ((x >> 2) + (y >> 2)) % 2 ? [255, 255, 255] : [0, 0, 0])
  const { data } = mosaic(drawn)
  const colours = new Set()
  for (let at = 0; at < data.length; at += 4) colours.add(data.subarray(at, at + 4).join())
  assert.deepEqual([...colours], ["112,112,112,255"])
})

test("blocks keep the colour of their own part only", () => {
  const { data } = mosaic(picture(96, 24, (x) => (x < 48 ? [200, 0, 0] : [0, 0, 200])))
  assert.deepEqual([...data.subarray(0, 3)], [208, 16, 16])
  assert.deepEqual([...data.subarray(95 * 4, 95 * 4 + 3)], [16, 16, 208])
})

test("an area stays inside its picture and can be seen", () => {
  const size = { width: 100, height: 80 }
  assert.deepEqual(inside({ left: -5, top: 70.4, width: 40, height: 40 }, size), { left: 0, top: 40, width: 40, height: 40 })
  assert.deepEqual(inside({ left: 99, top: 1, width: 0.2, height: 500 }, size), { left: 92, top: 0, width: 8, height: 80 })
})
