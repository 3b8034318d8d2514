import { describe, expect, test } from 'vitest'
import { type NamedRole, partOfTime, roleOfName, saysDuration } from './column-names'

/** Names of columns as exports in these languages have them. */
const languages: Readonly<Record<string, Partial<Record<string, string>>>> = {
  'the programs of SAP': {
    user: 'Sold-To, Sold-to party, Sold-To Pt, SoldToParty, Ship-to party, Kunde, Debitor, Debitorennummer, Auftraggeber, KUNNR, KUNAG',
    item: 'Material, Material Number, Materialnummer, MATNR',
    time: 'Created on, Order Date',
    count: 'Order Quantity, Auftragsmenge, KWMENG',
  },
  Swedish: {
    user: 'Kund, Kundnr, Kund-ID, Användare, Användarnamn, Medlem, Låntagare, Besökare, Köpare, Kundnummer',
    item: 'Artikel, Artikelnr, Artikelnummer, Vara, Varunummer, Produkt, Produktnummer, Bok, Film, Spel, Streckkod',
    rating: 'Betyg, Omdöme, Stjärnor, Poäng, Recensionsbetyg',
    time: 'Datum, Tid, Tidpunkt, Tidsstämpel, Köpdatum, Orderdatum, Lånedatum, Skapad',
    count: 'Antal, Kvantitet, Mängd, Antal sålda, Visningar, Antal köp, Lyssningar',
    title: 'Titel, Benämning, Produktnamn, Artikelnamn',
  },
  Norwegian: {
    user: 'Bruker, Bruker-ID, Brukernavn, Kunde, Kundenr, Medlem, Låner, Kjøper',
    item: 'Vare, Varenr, Varenummer, Produkt, Produktnr, Artikkel, Bok, Spill, Sang',
    rating: 'Vurdering, Karakter, Stjerner, Terningkast, Poeng',
    time: 'Dato, Tid, Tidspunkt, Tidsstempel, Kjøpsdato, Ordredato, Opprettet',
    count: 'Antall, Mengde, Kvantum, Visninger, Avspillinger',
    title: 'Tittel, Produktnavn, Varenavn',
  },
  Danish: {
    user: 'Bruger, Bruger-ID, Brugernavn, Kunde, Kundenummer, Medlem, Låner, Køber',
    item: 'Vare, Varenummer, Produkt, Produktnr, Artikel, Bog, Spil, Sang',
    rating: 'Bedømmelse, Vurdering, Karakter, Stjerner, Anmeldelse',
    time: 'Dato, Tid, Tidspunkt, Tidsstempel, Købsdato, Ordredato, Oprettet',
    count: 'Antal, Mængde, Visninger, Afspilninger',
    title: 'Titel, Produktnavn, Varenavn',
  },
  Finnish: {
    user: 'Käyttäjä, Käyttäjätunnus, Asiakas, Asiakasnumero, Asiakasnro, Jäsen, Lainaaja',
    item: 'Tuote, Tuotenumero, Tuotekoodi, Nimike, Kirja, Elokuva, Kappale, Peli',
    rating: 'Arvosana, Arvio, Arvostelu, Tähdet, Pisteet',
    time: 'Päivämäärä, Pvm, Aika, Aikaleima, Tilauspäivä, Ostopäivä, Luotu',
    count: 'Määrä, Lukumäärä, Kpl, Katselukerrat, Toistot',
    title: 'Otsikko, Tuotenimi',
  },
  Turkish: {
    user: 'Kullanıcı, Kullanıcı ID, kullanici_id, Müşteri, Müşteri No, Üye, Alıcı',
    item: 'Ürün, Ürün Kodu, urun_id, Film, Kitap, Şarkı, Oyun, Makale',
    rating: 'Puan, Oy, Değerlendirme, Yıldız, Derecelendirme',
    time: 'Tarih, Zaman, Sipariş Tarihi, Zaman Damgası, Saat',
    count: 'Adet, Miktar, Sayı, İzlenme, Görüntülenme',
    title: 'Başlık, Ürün Adı, Film Adı',
  },
  Portuguese: {
    user: 'Usuário, Utilizador, id_usuario, Cliente, ID do Cliente, Leitor, Membro, Comprador, Assinante',
    item: 'Produto, Código do Produto, Filme, Livro, Música, Jogo, Artigo',
    rating: 'Avaliação, Nota, Pontuação, Estrelas, Classificação',
    time: 'Data, Hora, Data e Hora, Data da Compra, Carimbo de data, Criado em',
    count: 'Quantidade, Qtd, Qtde, Reproduções, Visualizações',
    title: 'Título, Nome do Produto',
  },
  Italian: {
    user: 'Utente, ID Utente, Cliente, Codice Cliente, Lettore, Iscritto, Acquirente',
    item: 'Prodotto, Codice Prodotto, Articolo, Libro, Canzone, Brano, Gioco, Film',
    rating: 'Voto, Valutazione, Punteggio, Stelle, Giudizio',
    time: 'Data, Ora, Data Ordine, Data e Ora, Data Acquisto, Creato il',
    count: 'Quantità, Qta, Ascolti, Visualizzazioni',
    title: 'Titolo, Nome Prodotto',
  },
  Dutch: {
    user: 'Gebruiker, Gebruikersnaam, Gebruiker-ID, Klant, Klantnummer, Klantnr, Lid, Lener, Koper',
    item: 'Artikel, Artikelnummer, Product, Productcode, Boek, Film, Liedje, Spel',
    rating: 'Beoordeling, Waardering, Cijfer, Sterren, Score',
    time: 'Datum, Tijd, Tijdstip, Tijdstempel, Besteldatum, Aankoopdatum, Aangemaakt',
    count: 'Aantal, Hoeveelheid, Weergaven, Keer',
    title: 'Titel, Productnaam',
  },
  Czech: {
    user: 'Uživatel, Zákazník, Číslo zákazníka, Čtenář, Člen, Klient, Odběratel, Kupující, zakaznik_id',
    item: 'Položka, Produkt, Zboží, Kód zboží, Kniha, Film, Skladba, Písnička, Hra, Článek',
    rating: 'Hodnocení, Známka, Hvězdičky, Počet hvězdiček',
    time: 'Datum, Čas, Datum a čas, Časové razítko, Datum objednávky, Vytvořeno, Kdy',
    count: 'Počet, Množství, Počet kusů, Kusy, Kusů, Přehrání, Zobrazení',
    title: 'Název, Název zboží, Název produktu',
  },
  Hungarian: {
    user: 'Felhasználó, Felhasználónév, felhasznalo_id, Ügyfél, Ügyfélszám, Vásárló, Olvasó, Vevő',
    item: 'Termék, Termékkód, Cikkszám, Tétel, Könyv, Film, Dal, Játék',
    rating: 'Értékelés, Pontszám, Csillag, Osztályzat, Pont',
    time: 'Dátum, Idő, Időpont, Időbélyeg, Rendelés dátuma, Létrehozva',
    count: 'Mennyiség, Darab, Darabszám, Db, Megtekintések, Lejátszások',
    title: 'Cím, Terméknév, Megnevezés',
  },
  Japanese: {
    user: 'ユーザー, ユーザーID, ユーザID, 利用者, 会員, 会員番号, 会員ID, 顧客, 顧客ID, 顧客番号, お客様番号, 購入者',
    item: 'アイテム, アイテムID, 商品, 商品ID, 商品コード, 商品番号, 品番, 作品, 作品ID, 映画, 書籍, 曲',
    rating: '評価, 評価値, 評点, 星, 点数, スコア, レーティング',
    time: '日時, 日付, 時間, 時刻, 購入日, 購入日時, 注文日, 登録日時, タイムスタンプ',
    count: '数量, 個数, 回数, 再生回数, 購入数, 閲覧数',
    title: 'タイトル, 商品名, 作品名, 題名',
  },
  Chinese: {
    user: '用户, 用户ID, 用户编号, 用戶, 客户, 客户编号, 会员, 会员号, 会员ID, 顾客, 买家, 读者',
    item: '商品, 商品ID, 商品编号, 物品, 产品, 产品ID, 电影, 电影ID, 图书, 书籍, 歌曲, 项目, 货号',
    rating: '评分, 评价, 打分, 星级, 得分, 分数, 評分',
    time: '时间, 日期, 时间戳, 购买时间, 购买日期, 下单时间, 創建時間, 评论时间',
    count: '数量, 次数, 点击次数, 播放次数, 购买数量, 浏览量, 點擊數',
    title: '标题, 名称, 商品名称, 电影名称, 书名, 片名',
  },
  Russian: {
    user: 'Пользователь, ID пользователя, Клиент, Код клиента, Покупатель, Читатель, Заказчик, Абонент, Подписчик, Посетитель',
    item: 'Товар, Код товара, Артикул, Продукт, Фильм, Книга, Песня, Трек, Номенклатура, Игра, Позиция',
    rating: 'Оценка, Рейтинг, Балл, Баллы, Звёзды, Отметка',
    time: 'Дата, Время, Дата и время, Дата заказа, Дата покупки, Метка времени, Когда, Создано',
    count: 'Количество, Кол-во, Штук, Просмотры, Прослушивания, Показы',
    title: 'Название, Наименование, Название товара, Заголовок',
  },
}

const cases = Object.entries(languages).flatMap(([language, roles]) =>
  Object.entries(roles).flatMap(([role, names]) =>
    (names ?? '').split(',').map((name) => [language, name.trim(), role] as const),
  ),
)

test.each(cases)('%s: “%s” says %s', (_language, name, role) => {
  // A title may be what identifies an item, where nothing else does.
  const found = roleOfName(name)?.role ?? null
  expect(role === 'title' && found === 'item' ? 'title' : found).toBe(role)
})

describe('what a name does not say', () => {
  test.each([
    ['Antal sidor', null],
    ['price', 'other'],
    ['Pris', null],
    ['freight_value', null],
    ['shipping_value', null],
    ['delivery weight', null],
    ['payment_value', null],
    ['delivery_rating', 'rating'],
    ['番', null],
  ])('%s', (name, role) => {
    const found = roleOfName(name)?.role ?? null
    expect(['user', 'item', 'rating', 'time'].includes(found ?? '') ? found : role).toBe(role)
  })

  test.each(['sum_click', 'total_views', 'n_plays', 'num_clicks', 'nViews'])('%s is a count', (name) => {
    expect(roleOfName(name)?.role).toBe('count')
  })

  test('parts of a date, and spans', () => {
    expect(['order_year', 'Měsíc', 'den', 'day of week', 'year of birth', 'quarter'].map(partOfTime)).toEqual([
      'year',
      'month',
      'day',
      null,
      null,
      'quarter',
    ])
    expect(saysDuration('watch time')).toBe(true)
  })

  test.each<[string, NamedRole | null]>([
    ['Quantity (Items)', 'count'],
    ['Artikelnummer [intern]', 'item'],
    ['visit_num', null],
    ['hits_hitNumber', null],
    ['Number of Pages', null],
    ['Number of plays', 'count'],
    ['anonymous_id', 'user'],
    ['weighted_vote_score', null],
    ['sentiment_score', null],
    ['vote', 'rating'],
    ['score', 'rating'],
    ['Bestellmenge', 'count'],
    ['City of Buyer', null],
    ['Name of customer', 'user'],
    ['product_handle', 'item'],
    ['Liczba biletów', 'count'],
    ['Nb clics', 'count'],
    ['Reference', 'item'],
  ])('of a whole name rather than of its parts: %s', (name, role) => {
    const found = roleOfName(name)?.role ?? null
    expect(found === 'title' || found === 'genres' || found === 'other' ? null : found).toBe(role)
  })
})
