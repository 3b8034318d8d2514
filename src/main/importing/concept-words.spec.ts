import { describe, expect, it } from 'vitest'
import { roleOfName } from './column-names'

/** Columns of exports by the role that their names say, in the languages and scripts of their programs. */
const named: Readonly<Record<'user' | 'item' | 'rating', readonly string[]>> = {
  user: [
    'Código de huésped',
    'Код клієнта',
    '会员卡号',
    'Membership No',
    'Låntagarnummer',
    'ID Peserta',
    'Library card no.',
    'Kartennummer',
    'Patron Barcode',
    'Gæst',
    'Nr pacjenta',
    'ID pacienta',
    'Код пациента',
    'Номер ученика',
    'Hallgató azonosító',
    'Opiskelijanumero',
    'Öğrenci No',
    'Katılımcı',
    'Αριθμός μαθητή',
    '患者ID',
    '学员编号',
    '生徒番号',
    '참가자 ID',
    'رقم الطالب',
    'Mã bệnh nhân',
  ],
  item: [
    'Medikament',
    'PZN',
    'Fahrzeug',
    'Hörbuch',
    'Código del curso',
    'Spettacolo',
    'Nazwa leku',
    'Výstava',
    'Predstava',
    'Gyógyszer',
    'Lääke',
    'Läkemedel',
    'Αριθμός οχήματος',
    'Ders Kodu',
    'İlaç',
    '课程编号',
    '菜品编码',
    '薬',
    '公演',
    'คอร์ส',
    'Món ăn',
    'الدواء',
    'Item Barcode',
    'Номер экспоната',
  ],
  rating: ['Zufriedenheit', 'Satisfaction', 'Spokojenost', 'Elégedettség', 'Memnuniyet', '満足度', '만족도', 'الرضا'],
}

describe('words by their meaning', () => {
  for (const [role, names] of Object.entries(named))
    it.each(names)(`${role}: “%s”`, (name) => {
      const found = roleOfName(name)
      expect(found?.role).toBe(role)
    })
})
