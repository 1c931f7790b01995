import { expect, test } from 'vitest'
import { asciiDrawing } from '../../../core/output/ascii-drawing.ts'

test('frames, bars and dots become ASCII signs of the same width, and words stay', () => {
  expect(asciiDrawing('┌─┬─┐ │ ║ ═ ▁▄█ ░▒▓ a…b · • ñ 東')).toBe('+-+-+ | | - _-# .:+ a~b . * ñ 東')
})
