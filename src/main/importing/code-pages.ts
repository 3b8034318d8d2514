import type { TextEncoding } from '../../shared/reading'

/** Characters of the bytes from 0x80 in DOS code pages, which the platform's decoder does not support. */
const dosPages: Partial<Record<TextEncoding, string>> = {
  ibm852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
  ibm850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
}

/** A streaming text decoder. */
export interface Decoder {
  /** @param bytes omitted at the end of the text */
  decode: (bytes?: Uint8Array) => string
}

/** A streaming decoder for one text in the given encoding. */
export function decoderOf(encoding: TextEncoding): Decoder {
  const page = dosPages[encoding]
  if (page === undefined) {
    const decoder = new TextDecoder(encoding)
    return { decode: (bytes) => (bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()) }
  }
  return {
    decode: (bytes) =>
      bytes
        ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
            .toString('latin1')
            .replaceAll(/[\u0080-\u00ff]/g, (byte) => page[byte.charCodeAt(0) - 0x80] ?? '')
        : '',
  }
}

/** Decodes a whole text. */
export function decodedText(bytes: Uint8Array, encoding: TextEncoding): string {
  const decoder = decoderOf(encoding)
  return decoder.decode(bytes) + decoder.decode()
}

interface Language {
  readonly encodings: readonly TextEncoding[]
  /** Its lower-case letters beyond ASCII. */
  readonly letters: string
}

const western = ['windows-1252', 'macintosh', 'ibm850'] as const
const central = ['windows-1250', 'iso-8859-2', 'ibm852'] as const
const cyrillic = ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866', 'x-mac-cyrillic'] as const
const languages: readonly Language[] = [
  { encodings: western, letters: 'äöüß' },
  { encodings: western, letters: 'àâæçèéêëîïôùûüÿœ' },
  { encodings: western, letters: 'áéíñóúü' },
  { encodings: western, letters: 'àáâãçéêíóôõúü' },
  { encodings: western, letters: 'àèéìíîòóùú' },
  { encodings: western, letters: 'àçèéíïòóúü' },
  { encodings: western, letters: 'åäöéü' },
  { encodings: western, letters: 'åæøéòôü' },
  { encodings: western, letters: 'áéíóúýðþæö' },
  { encodings: western, letters: 'éëïóöüèêáí' },
  { encodings: central, letters: 'áčďéěíňóřšťúůýž' },
  { encodings: central, letters: 'áäčďéíĺľňóôŕšťúýž' },
  { encodings: central, letters: 'ąćęłńóśźż' },
  { encodings: central, letters: 'áéíóöőúüű' },
  { encodings: central, letters: 'ăâîşţ' },
  { encodings: central, letters: 'čćđšž' },
  { encodings: ['windows-1254'], letters: 'çğıöşüâîû' },
  { encodings: ['windows-1257'], letters: 'ąčęėįšųūž' },
  { encodings: ['windows-1257'], letters: 'āčēģīķļņšūž' },
  { encodings: ['windows-1257'], letters: 'äõöüšž' },
  { encodings: cyrillic, letters: 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя' },
  {
    encodings: ['windows-1251', 'iso-8859-5', 'koi8-u', 'x-mac-cyrillic'],
    letters: 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
  },
  { encodings: ['windows-1251', 'iso-8859-5', 'x-mac-cyrillic'], letters: 'абвгдђежзијклљмнњопрстћуфхцчџш' },
  { encodings: ['windows-1253'], letters: 'αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ' },
  { encodings: ['windows-1255'], letters: 'אבגדהוזחטיךכלםמןנסעףפץצקרשת' },
  { encodings: ['windows-1256', 'iso-8859-6'], letters: 'ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىي' },
  { encodings: ['windows-1256'], letters: 'ءآأئابپتثجچحخدذرزژسشصضطظعغفقکكگلمنوهیيہھےںٹڈڑ' },
  {
    encodings: ['windows-874'],
    letters: Array.from({ length: 0x5c }, (_, letter) => String.fromCharCode(0xe01 + letter)).join(''),
  },
]
/** Single-byte encodings to consider, the most common first. */
export const singleByteEncodings: readonly TextEncoding[] = [
  ...new Set(languages.flatMap(({ encodings }) => encodings)),
]

const wordsBeyondAscii = /[\p{L}\p{M}]*(?=[^\p{ASCII}])\p{L}[\p{L}\p{M}]*/gu

/** The share of the words with letters beyond ASCII that fit one language of the encoding, 0 … 1; 0 if there are no such words. */
export function shareOfLanguage(text: string, encoding: TextEncoding): number {
  const words = text.match(wordsBeyondAscii) ?? []
  // All lower case after the first letter, or all upper case: KOI8 text read in another code page has inverted case (нАОБОРОТ).
  const wellCased = words.filter((word) => /^.\P{Lu}*$/u.test(word) || !/\p{Ll}/u.test(word))
  const shares = languages
    .filter(({ encodings }) => encodings.includes(encoding))
    .map(({ letters }) => {
      const known = new Set(letters)
      const isKnown = (letter: string): boolean => letter <= '\u007f' || known.has(letter)
      return wellCased.filter((word) => Array.from(word.toLowerCase()).every(isKnown)).length
    })
  return words.length === 0 ? 0 : Math.max(0, ...shares) / words.length
}
