import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { encodingNames, type TextEncoding } from '../../shared/reading'
import { encoded } from '../../../test/fixtures/encoded'
import { decodedText } from './code-pages'
import { EncodingEvidence, type EncodingFinding } from './text-encoding'

const folder = mkdtempSync(join(tmpdir(), 'encodings-'))
afterAll(() => rmSync(folder, { recursive: true }))

function findingOf(bytes: Buffer): EncodingFinding {
  const path = join(folder, 'text.csv')
  writeFileSync(path, bytes)
  const evidence = new EncodingEvidence()
  evidence.look(bytes, 0)
  return evidence.finding(path)
}

const western = ['windows-1252', 'macintosh', 'ibm850'] as const
const central = ['windows-1250', 'iso-8859-2', 'ibm852'] as const
const cyrillic = ['windows-1251', 'koi8-r', 'iso-8859-5', 'ibm866', 'x-mac-cyrillic'] as const
const texts: readonly (readonly [language: string, encodings: readonly TextEncoding[], lines: readonly string[]])[] = [
  ['Hungarian', central, ['Felhasználó;Könyv', 'A;Erdő', 'B;Tűz']],
  ['Czech', central, ['u1,Příliš žluťoučký kůň', 'u2,Černý Petr', 'u3,Ostře sledované vlaky']],
  ['Polish', central, ['u1,Człowiek z żelaza', 'u2,Nóż w wodzie', 'u3,Święta wojna']],
  ['German', western, ['u1,Die Blechtrommel: größer', 'u2,Über den Dächern', 'u3,Mädchen']],
  ['French', western, ['u1,Le garçon naïf', 'u2,Été violent', 'u3,La Règle du jeu', 'u4,À bout de souffle']],
  ['Spanish', western, ['u1,El señor', 'u2,Corazón salvaje', 'u3,Mañana será otro día']],
  ['Portuguese', western, ['u1,Canções de verão', 'u2,Coração', 'u3,São três irmãos']],
  [
    'Turkish',
    ['windows-1254'],
    ['u1,Kış uykusu', 'u2,Şahsiyet', 'u3,Bir zamanlar Anadolu, ağaç', 'u4,İklimler çığlık'],
  ],
  ['Russian', cyrillic, ['u1,Сталкер', 'u2,Летят журавли', 'u3,Иваново детство', 'u4,Война и мир', 'u5,Зеркало']],
  [
    'Ukrainian',
    ['windows-1251', 'koi8-u', 'iso-8859-5', 'x-mac-cyrillic'],
    ['u1,Тіні забутих предків', 'u2,Її історія', 'u3,Пісня серця', 'u4,Земля'],
  ],
  ['Hebrew', ['windows-1255'], ['u1,ואלס עם באשיר', 'u2,הערת שוליים', 'u3,לבנון', 'u4,ביקור התזמורת']],
  [
    'Arabic',
    ['windows-1256', 'iso-8859-6'],
    ['u1,باب الحديد', 'u2,المومياء', 'u3,كفرناحوم', 'u4,ليلة حساب السنين', 'u5,الأرض'],
  ],
  ['Persian', ['windows-1256'], ['u1,پدر', 'u2,جدايي نادر از سيمين', 'u3,گاو', 'u4,بچه هاي آسمان']],
  ['Thai', ['windows-874'], ['u1,ลุงบุญมีระลึกชาติ', 'u2,ฟ้าทะลายโจร', 'u3,สุดเสน่หา']],
  ['Greek', ['windows-1253'], ['u1,Ο Μεγαλέξαντρος', 'u2,Το βλέμμα του Οδυσσέα', 'u3,Μια αιωνιότητα και μια μέρα']],
]
const cases = texts.flatMap(([language, encodings, lines]) =>
  encodings.map((encoding) => ({ language, encoding, lines })),
)

test.each(cases)(
  '$language in $encoding is detected, and the next likeliest encoding is offered',
  ({ encoding, lines }) => {
    for (const times of [1, 30]) {
      const all = Array.from({ length: times }, () => lines).flat()
      const text = `user,film\n${all.join('\n')}\n`
      const bytes = encoded(text, encoding)
      const finding = findingOf(bytes)
      // Some texts are the same in two encodings, as Hungarian ones mostly are in Windows-1250 and ISO 8859-2.
      expect(decodedText(bytes, finding.encoding), finding.evidence).toBe(text)
      expect(finding).toMatchObject({ certainty: 'guess', affectsData: true })
      // The line that is shown reads differently in both.
      const shown = /reads “(.+)”, but in (.+?) “(.+)”\.$/.exec(finding.evidence)
      expect(
        all.some((line) => line.includes(shown?.[1] ?? 'nothing')),
        finding.evidence,
      ).toBe(true)
      expect(shown?.[2]).toBe(encodingNames[finding.alternative])
      expect(shown?.[3]).not.toBe(shown?.[1])
    }
  },
)

test.each([
  ['dashes between words', ['u1,100 – Ember Glass', 'u2,101 – Umber', 'u3,102 – Coral Birch']],
  ['typographic apostrophes', ['u1,L’œuvre au noir', 'u2,L’élève', 'u3,D’après nature']],
  ['quotes and dots', ['u1,„Die Räuber“', 'u2,“Ember”, again', 'u3,Sturm…']],
  ['amounts in euros', ['u1,Ember,"12,50 €"', 'u2,Umber,"7,00 €"', 'u3,Coral,"112,90 €"']],
])('%s are read as Windows-1252 writes them', (_about, lines) => {
  for (const times of [1, 30]) {
    const text = `user,film\n${Array.from({ length: times }, () => lines)
      .flat()
      .join('\n')}\n`
    const finding = findingOf(encoded(text, 'windows-1252'))
    expect(decodedText(encoded(text, 'windows-1252'), finding.encoding), finding.evidence).toBe(text)
  }
})
