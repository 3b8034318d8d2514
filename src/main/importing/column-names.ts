import { folded, foldedWords, silent, withoutCase, wordsOf } from './name-words'
import { numberOf } from './number-names'
import { furtherItems, furtherRatings, furtherUsers, peopleWords, satisfactionWords, thingWords } from './concept-words'

/** What a column of interactions or of items can contain, as far as its name says. */
export type NamedRole = 'user' | 'item' | 'rating' | 'time' | 'event' | 'count' | 'title' | 'genres' | 'other'

/** How a column name matches a role. */
export interface NameMatch {
  readonly role: NamedRole
  /** 0 for the words that most often mean this role; higher for words that have a lower priority. */
  readonly rank: number
  /** Whether the whole name matches, not only one of its words. */
  readonly whole: boolean
  /** Whether the name contains a word for an id. */
  readonly id: boolean
}

/** Words by role and rank, without accents, in the languages of exports. Words of the same rank are equivalent. */
const words: Readonly<Record<NamedRole, readonly string[]>> = {
  user: [
    `user usr uid userid username uzivatel uzivatele utilisateur usager usuario utente gebruiker benutzer benutzername nutzer uzytkownik uzytkownika
     utilizador utilizator bruker bruger anvandare kayttaja korisnik clanski uporabnik pouzivatel felhasznalo kullanici χρήστης χρήστη пользователь юзер
     користувач пользователя користувача 用户 用戶 ユーザー ユーザ 利用者 사용자`,
    `customer cust klient klienta kunde kunden client cliente zakaznik zakaznika klant kund kund member mitglied membre miembro membro lid clen
     reviewer profilename rater reader listener viewer visitor visitorid buyer shopper consumer subscriber patron player learner student
     patient guest borrower watcher citatel citatelka корисник корисника потребител читалац читател taster tester player gamer spieler joueur jugador giocatore jogador gracz speler spelare spiller pelaaja hrac hrace socio socia matrikel matricula matricule matricola matriculation voter critic follower navstevnik besucher visiteur visitante visitatore bezoeker ctenar
     leser lecteur lector lettore lezer posluchac divak horer kaufer acheteur comprador acquirente abonnent abonne клиент
     покупатель читатель покупець клієнт 客户 顧客 고객 회원 who login nick nickname handle reviewerid
     πελάτης πελάτη μέλος μέλους αναγνώστης αναγνώστη αγοραστής musteri uye okuyucu izleyici ziyaretci alici ugyfel vasarlo vevo olvaso nezo
     latogato клиента покупателя читателя заказчик заказчика абонент абонента подписчик подписчика посетитель посетителя 会員 会员 顾客 顧客 买家 買家 读者 讀者 購入者 お客様 会员名 会員名 买家会员 用户名 昵称
     observer donor donator donateur spender candidate applicant attendee delegate tenant guestid passenger rider driver volunteer supporter backer pledger
     patronid cardholder accountholder adherent adherente abonnee eleve etudiant alumno estudiante studente studenten schuler kursteilnehmer
     destinatario recipient steam gamertag distinct anonymous cpf cnpj kupujacy kupec posjetitelj czytelnik sluchacz gracz uczen
     soldto soldtoparty soldtopt soldtopty kunnr kunag debitor debitoren debitornr auftraggeber
     pelanggan pengguna pembeli anggota pembaca siswa mahasiswa penonton khachhang nguoidung nguoimua thanhvien docgia hocvien sinhvien
     المستخدم العميل الزبون القارئ العضو المشتري الطالب לקוח משתמש קורא חבר תלמיד ลูกค้า ผู้ใช้ สมาชิก ผู้ซื้อ 고객 회원 이용자 독자 구매자 학생 시청자
     учень студент ученик слушатель зритель глядач слухач игрок гравець постоялец гость гість
     anvandar lantagare laner lainaaja lener koper kober odberatel kupujici leitor assinante iscritto asiakas jasen lukija katsoja ostaja kuuntelija medlem lasare kopare besokare lyssnare kjoper leser`,
    `person people persona personne osoba author autor auteur autore auther session account konto compte profile device household
     shipto shiptoparty billto billtoparty warenempfanger regulierer pid party cookie visit responseid respondent participant subject subjid proband teilnehmer 会員 会員番号 利用者 读者 會員 email mail mbox emailaddress mailaddress emailadresse mailadresse emailadresa emailovaadresa adresaemail adresseemail
     adressemail phone phonenumber telephone telefon telefono telefone telefonnummer mobile handy cellphone телефон 电话 手机 手机号 電話番号 전화번호 휴대폰 badge contact lead prospect correo correoelectronico eposta epostadress sahkoposti employee playlist invoice`,
  ],
  item: [
    `item iid polozka polozky position product produkt produktu producto produit prodotto produto asin isbn ean gtin barcode streckkod strekkode stregkode varu vare artikkel sang spil brano canzone gioco musica jogo liedje pisnicka clanek cikk cikkszam sku movie film filme filmu
     pelicula book kniha knihy buch livre libro livro boek ksiazka song track skladba lied chanson cancion article artikel artikl
     articulo articolo artigo game hra spiel show anime recipe rezept recette place placeid business restaurant hotel course
     kurs lehrveranstaltung lva lv vorlesung seminar veranstaltung modul cours corso curso post
     video episode podcast app content document doc news story stock stockcode offer listing ad poi venue beer wine joke
     job zbozi hry ads programme program programm programma programa sendung emission medium medien артикал артикла филм књига књиге производ ware товар продукт фильм книга предмет 商品 物品 アイテム 상품 아이템 what biblio
     isbn10 isbn13 ean13 gtin13 gtin14 ean gtin upc barcode 商品名 书名 書名 图书 作品 품목 영화 도서
     товара продукта фильма книги артикул песня песни трек трека номенклатура номенклатуры игра игры позиция позиции 产品 產品 电影 電影 圖書 书籍 書籍 歌曲 项目 項目 货号 貨號 品番 映画 曲
     προϊόν προϊόντος προϊόντα αντικείμενο είδος είδους ταινία ταινίας βιβλίο βιβλίου τραγούδι άρθρο παιχνίδι urun kitap sarki oyun makale nesne oge
     termek tetel cikk konyv dal jatek zene tuote elokuva kirja kappale peli artikkeli nimike produkter vara artikeln bok bog spel spill
     taxon taxonconcept species problem exhibit exhibition artwork artefact artifact opus topic thread quiz assignment exercise workshop lecture vacancy stellenanzeige
     webinar newsletter magazine journal comic manga novel dish meal menuitem speise gericht plat plato piatto danie jidlo medication drug
     stimulus stimuli vehicle bike scooter plugin coupon voucher
     produk barang buku lagu sanpham hanghoa mathang sach phim baihat monan khoahoc baibao
     المنتج الكتاب الفيلم الأغنية السلعة מוצר ספר סרט שיר פריט สินค้า หนังสือ ภาพยนตร์ เพลง 책 곡 노래 강의 강좌 메뉴 제품 レシピ 講座 作品
     курс урок рецепт блюдо страва рецепта выставка спектакль пісня гра вистава экспонат експонат
     produs carte proizvod izdelek knjiga`,
    `reference referenz referencia referentie riferimento pid path uri link lien enlace collegamento odkaz lank lenke object prirastkove inventarne accession signatur signatura sygnatura shelfmark callnumber artist kunstler artiste artista album release brand station stop url page location photo property merchant material materialnummer materialnumber matnr`,
    `title titel titre titulo titolo titul nazev movietitle booktitle τίτλος baslik otsikko tittel название наименование заголовок タイトル 題名 标题 標題
     名称 名稱 书名 書名 片名`,
    `campaign campagne campagna campana campanha kampagne kampan kampane kampania kampanj`,
  ],
  rating: [
    `rating ratings stars star score grade overall bookrating userrating bewertung wertung sterne hodnoceni hvezdicky znamka note
     evaluation etoiles puntuacion valoracion calificacion estrellas nota punteggio valutazione voto stelle pontuacao avaliacao
     beoordeling waardering schulnote schulnoten cijfer ocena betyg vote votes rate points punkte оцена оценка оценки рейтинг балл баллы звезда звезды отметка оцінка terningkast poeng bedommelse anmeldelse recensionsbetyg sterren estrelas
     classificacao giudizio hvezdicek pont 评价 評価値 評点 打分 星级 星級 得分 分数 分數 点数 星 スコア レーティング 评分 評分 評価 평점 별점
     βαθμολογία βαθμολογίας αξιολόγηση βαθμός αστέρια puan oy yildiz derecelendirme degerlendirme ertekeles pontszam csillag osztalyzat
     nilai peringkat penilaian bintang danhgia diem sosao التقييم דירוג ציון คะแนน 점수
     arvosana arvio arvostelu tahdet pisteet omdome stjarnor poang vurdering karakter stjerner ocjena evaluare hodnotenie`,
    `preference value weight level like liked islike isliked loved favorite favourite favorited favourited isfavorite isfavourite thumb thumbs
     feedback reaction response antwort reponse respuesta risposta resposta odpoved odpowiedz vastaus svar sentiment opinion recommended isrecommended wouldrecommend upvote upvoted liking`,
  ],
  time: [
    `timestamp unixtime unixreviewtime ts epoch mtime ctime zeitstempel horodatage casoverazitko`,
    `time datetime date ratedat createdat reviewtime eventtime when at datum fecha zeit zeitpunkt uhrzeit cas hora heure data ora
     tijd tijdstip czas kdy wann quand cuando moment дата время 时间 日期 時間 시간 날짜
     tanggal waktu ngay thoigian ngaydat ngaymua ngaydathang التاريخ الوقت תאריך זמן วันที่ เวลา 일시 일자 시각
     購入日 購入日時 購買日 注文日 日時 구매일 구매일시 下单时间 时间戳
     когда создано создан tid tidsstempel tijdstempel tidsstampel horodateur marcatemporal informazionicronologiche carimbodedatahora sygnaturaczasowa casovaznacka отметкавремени zamandamgasi タイムスタンプ 타임스탬프 时间戳记 時間戳記 позначкачасу tidsmerke dt dttm kl klokkeslett klokkeslaet klockslag kellonaika ημνια ημερ created datecreated skapad opprettet oprettet luotu criado creato zapsano aangemaakt vytvoreno letrehozva datuma datumu saat tilauspaiva ostopaiva времени 日付 時刻 タイムスタンプ
     ημερομηνία ημερομηνίας ώρα χρόνος χρονοσφραγίδα tarih tarihi zaman ido idopont idobelyeg aika paivamaara pvm aikaleima
     paivays tidpunkt tidsstampel tidspunkt dato vrijeme`,
    `day year den tag jour dia giorno dag rok jahr annee`,
  ],
  event: [
    `event eventtype eventname action actiontype behavior behaviour behaviortype interactiontype interaction activity activitytype
     akce aktion ereignis ereignisname evento evenement udalost aktivita handlung gebeurtenis actie zdarzenie akcja olay islem accion azione acao
     событие события действие действия подія дія 行为 行为类型 事件 事件类型 操作 行為 行動 イベント アクション 이벤트 행동`,
    `type typ tipo metric transaction verb optype operationtype opcode`,
  ],
  count: [
    `count plays playcount playscount numplays nplays totalplays listens listencount numlistens views viewcount numviews nviews totalviews
     clicks clickcount numclicks nclicks totalclicks sumclick sumclicks sumviews sumplays quantity qty frequency freq
     times scrobbles hits anzahl menge pocet mnozstvi mnozstvo cantidad quantite quantita quantidade aantal ilosc unidades unidade unitati einheiten stuck stk sztuk szt kusu брой bilhetes biglietti billets tickets количество колво штук штуки просмотры прослушивания показы кількість 数量 個数 回数 次数 次數 수량
     pcs pezzi pieces units unitssold qte stuckzahl auftragsmenge bestellmenge kwmeng fkimg fklmg orderedquantity loans checkouts ausleihen visits prets prestamos wypozyczenia wypozyczen vypujcky
     liczba nb nbre
     jumlah kuantitas soluong soluongmua الكمية כמות จำนวน 횟수
     ποσότητα πλήθος φορές αναπαραγωγές adet miktar mennyiseg darab darabszam maara lukumaara kpl toistot antal mangd antall kolicina
     cantitate reproducciones escuchas reproducoes riproduzioni ascolti ecoutes lectures wiedergaben abspielungen abspielung abrufe aufrufe gehort odtworzenia
     odsluchania prehrani prehravani poslechy lejatszasok lejatszas afspeelbeurten weergaven spelningar uppspelningar avspillinger afspilninger
     прослушивания прослушивание воспроизведения просмотры покупок dinlenme oynatma 再生回数 播放次数 播放量 재생횟수 dinleme kuuntelukerrat
     kvantitet visningar lyssningar mengde kvantum visninger maengde katselukerrat sayi izlenme goruntulenme qtd qtde visualizacoes qta visualizzazioni hoeveelheid keer uds ud stk menge kaarten kusy kusu zobrazeni db megtekintesek`,
  ],
  title: [
    `title name intitule libelle nazov naziv naslov назив наслов заглавие movietitle booktitle itemname productname producttitle trackname description titel titre titulo titolo titul nazev nazvy τίτλος
     judul tensanpham tensach tenphim nama namaproduk namabarang 제목 곡명 العنوان שם ชื่อสินค้า ชื่อ
     商品名 商品名称 商品名稱 产品名称 產品名稱 baslik otsikko tittel benamning cim megnevezes название наименование заголовок タイトル 題名 标题 標題 名称 名稱 书名 書名 片名`,
  ],
  genres: [
    `genres genre categories category tags kategori kategorier kategoria categorie categoria rubrik rubrique rubriek rubrica rubrika rubryka
     warengruppe sachgruppe produktgruppe gattung zanr gatunek genere generi genero sjanger genrer lajityyppi mufaj kategorija luokka categoryname
     categorypath категория рубрика жанр κατηγορία είδη 类别 類別 分类 分類 ジャンル カテゴリ カテゴリー 장르`,
  ],
  other: [
    `abv ibu brewery brasserie brauerei soyadi sehir ilce yayinevi postcode postleitzahl plz cap codigopostal codepostal kodpocztowy psc postnummer postinumero postnumber iranyitoszam postakodu postindex индекс postalcode postal slot odds saeson sason sasong sesong saison stagione temporada sezon sezona kausi season staffel ip ipaddress ipadresse age gender sex city country state region zip zipcode address street location latitude longitude lat lon lng price cost amount
     revenue bytes useragent agent referrer referer method protocol latency discount currency text review comment comments summary description image images helpful verified category genre
     genres categories tags brand color colour size weight year language lang url link phone vintage occupation job vek alter pohlavi
     geschlecht mesto stadt ville ciudad land pays pais preis prix precio prezzo cena status flag rank index name nom nombre nome
     naam jmeno vorname nachname bezeichnung popis publisher director actors cast composer narrator translator illustrator editor
     verlag herausgeber vydavatel nakladatel wydawca editorial editeur editore nimi month week quarter semester season monat woche quartal monate
     mesic tyden ctvrtleti mes semana trimestre mois semaine mese settimana miesiac tydzien kwartal maand kwartaal месяц неделя квартал
     μήνας εβδομάδα τρίμηνο ay hafta ceyrek honap het negyedev kuukausi viikko neljannes manad vecka kvartal maned uke weekday`,
  ],
}

/** Words beside “score” for what a program computed: `sentiment_score`. */
const computed = new Set(
  'sentiment relevance confidence similarity polarity risk credit fraud trust weighted quality'.split(' '),
)
/** Words beside “votes” for what others think of a review, or for how many have voted: `votes_helpful`, `weighted_vote_score`, `Num Votes`. */
const votesOfOthers = new Set(
  'helpful unhelpful funny useful cool weighted score count num number total sum n'.split(' '),
)
/** Whether a name is for what others or a program think of something, rather than for what its user thinks. */
const saysVotesOfOthers = (all: readonly string[]): boolean =>
  (all.some((word) => /^(?:up|down)?votes?$/.test(word)) && all.some((word) => votesOfOthers.has(word))) ||
  (all.includes('score') && all.some((word) => computed.has(word)))

/** A pattern for names, which are folded. */
function foldedPattern(source: string): RegExp {
  return new RegExp(folded(source), 'u')
}

/** Words that make a name an id. */
const idWords = new Set(
  foldedWords(
    `id ids nr no num number nummer numero cislo code kod cod codigo codice key uuid guid hash ref identifier ident kennung pseudo κωδικός αριθμός
     kode رقم رمز מספר קוד รหัส 번호 코드 아이디 kodu numarasi kimlik azonosito szam tunnus tunniste numer broj identifikator sifra шифра код номер идентификатор 编号 番号`,
  ),
)
/** Words for what is printed on a card or a thing: alone, the id of a thing; beside another word, the id of what that word means. */
const barcodeWords = foldedWords(
  'barcode barkod barcod strichcode codebarre codebarres codigobarras streckkod strekkode stregkode viivakoodi vonalkod',
)
/** Words for money: a price does not say how much somebody likes an item. */
const moneyWords = foldedWords(
  `freight frete flete fracht frachtkosten fret postage portokosten versandkosten shippingcost shippingfee postovne фрахт 运费 運費 送料 배송비 pvp uvp rrp msrp vk ek epreis gpreis stake returns payout interest fine fines mahngebuhr zakasnina copay odds price cost amount revenue sales sale discount spend spent spending paid payment turnover profit margin tax fee money vat mwst dph tva moms kdv btw currency usd eur gbp czk
   umsatz preis betrag kosten erlos trzba trzby cena castka prix montant chiffre recette precio importe venta ventas prezzo importo fatturato preco
   receita cena kwota omzet prijs bedrag цена сумма выручка стоимость fiyat tutar ciro osszeg arbevetel forgalom hinta summa myynti pris belopp
   valor valores subtotal harga gia giaban dongia thanhtien tongtien السعر المبلغ מחיר סכום ราคา 금액 결제금액 가격 판매가
   omsattning belop τιμή ποσό έσοδα 价格 金额 価格 金額`,
)
/** Words for amounts and durations that could be an interaction's value, apart from plain counts. */
const amountWords = foldedWords(
  `amount quantity qty duration length hours hour minutes minute mins seconds second secs ms msec milliseconds played play plays playtime playback pct pst proc prozent procent prosent prosentti percentuale pourcentage porcentaje yuzde
   watch watched watchtime listened listening dwell spent spend progress percent percentage pct completion completed units volume sales revenue
   turnover intensity strength affinity times total sum dauer stunden minuten sekunden spielzeit anteil fortschritt umsatz menge delka trvani hodin
   hodiny minut minuty sekund trzba trzby mnozstvi duree heures secondes montant duracion horas minutos segundos importe durata ore minuti secondi
   importo duracao tempo czas godziny sekundy ilosc kwota duur uren seconden bedrag длительность часы минуты секунды сумма διάρκεια ώρες λεπτά
   ποσό sure dakika saniye tutar idotartam ora perc masodperc osszeg kesto tunnit minuutit sekunnit maara langd timmar minuter sekunder belopp
   varaktighet varighet timer 时长 時間 金额`,
)
/** Words for columns whose few numbers are codes: of places or categories, not ratings. */
const kindWords = foldedWords(
  `tab km kg cm mm px distance entfernung distancia distanza vzdalenost odleglosc slot saeson sason sasong sesong saison stagione temporada sezon sezona kausi season staffel credits ects queue jono jonon saal hall sala salle auditorium gate platform bed beds bedroom bedrooms bath baths bathroom bathrooms room rooms pos trial trials round attempt attempts weeks playtime sqft capacity seats stock
   store shop channel category branch page department dept division region area zone district warehouse group segment cluster class version platform
   device os browser rank ranking position index row line page day hour month week weekday quarter year age level tier gender sex status state flag
   type kind mode method source campaign variant test fold split set label site outlet till register terminal aisle shelf section floor route
   renewal renewals renewed rinnovi rinnovo renouvellements renovaciones renovacoes verlengingen fornyelser omlan prodlouzeni prolongaty uusinnat продления продлений verlangerung verlangerungen prolongations prolongaciones prolongamentos session seq sequence order basket cart batch lot code zip helpful children size laden filiale geschaft kanal kategorie abteilung
   gruppe seite lager boutique magasin canal categorie rayon agence tienda sucursal categoria pagina negozio filiale punto reparto canale loja
   prodejna pobocka obchod kategorie stranka oddeleni sklad sklep oddzial kategoria strona winkel filiaal kanaal categorie магазин канал категория
   филиал страница отдел склад κατάστημα κανάλι κατηγορία σελίδα magaza sube kanal kategori sayfa uzlet bolt csatorna oldal myymala kanava luokka
   sivu osasto butik affar sida avdelning butikk 店舗 门店 渠道 类别 類別`,
)
/** A field of a date or time that can have a column of its own. */
export type TimePart = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second'
const timeParts: Readonly<Record<TimePart, ReadonlySet<string>>> = {
  year: foldedWords(
    'year yr yyyy rok rocnik jahr annee an ano anno jaar god ar aar vuosi yil ev etos έτος год рік 年 godina leto any',
  ),
  quarter: foldedWords(
    'quarter qtr quartal trimestre ctvrtleti kwartal kwartaal квартал τρίμηνο ceyrek negyedev neljannes kvartal',
  ),
  month: foldedWords(
    'month mon mm mesic monat mois mes mese miesiac maand mesiac месяц місяць μήνας ay honap kuukausi manad maned 月 mjesec luna mesec',
  ),
  week: foldedWords(
    'week wk woche semaine semana settimana tyden tydzien неделя εβδομάδα hafta het viikko vecka uke uge týždeň 周 週',
  ),
  day: foldedWords('day dd den tag jour dia giorno dzien dag день μέρα ημέρα gun nap paiva 日 dan zi'),
  hour: foldedWords(
    'hour hr hh hodina stunde heure hora ora godzina uur час ώρα saat tunti timme timma time 時 时 sat',
  ),
  // Not the plurals, which are durations.
  minute: foldedWords('minute min mi mn minuta minuto minuut minutt minuutti perc dakika минута хвилина λεπτό 分 분'),
  second: foldedWords(
    'second sec ss sekunda sekunde seconde segundo secondo seconda secunda sekund seconden sekunti saniye masodperc секунда δευτερόλεπτο 秒 초',
  ),
}
/** Words that give a date field another meaning, such as "day of week". */
const notWholeParts = /^(?:of|weekday|dayofweek|dow|wday|name|season|age|old|born|birth)$/
/** Words beside which "time" is a duration. */
const durationWords = foldedWords(
  'watch watched watching play played playback dwell listen listened listening spent spend elapsed duration total session screen viewing reading overlap response reaction',
)
/** Words for a person's name. */
const nameWords = foldedWords(
  'name names nom nombre nome naam jmeno jmena imie nazwisko namn navn nimi nev isim adi имя фамилия όνομα surname lastname',
)
/** Words for an item's name; they do not count in a table of interactions. */
const designations = foldedWords(
  'bezeichnung benennung artikelbezeichnung produktbezeichnung designation denominacion denominazione',
)
/** Words for averages over many people, which are not a user's own rating. */
const meanWords = foldedWords(
  `avg average mean median overallavg global community critics durchschnitt durchschnittlich mittel mittelwert prumer prumerny prumerne moyen moyenne
   promedio media medio srednia sredni gemiddeld gemiddelde средний средняя average μέσος μέση ortalama atlag atlagos keskiarvo medel genomsnitt
   gjennomsnitt`,
)
/** Words for the creator of an item, which some exports use for the author of a review. */
const makerWords = foldedWords(
  `author autor auteur autore auther συγγραφέας yazar szerzo kirjailija forfattare forfatter`,
)
/** Words for a period that a date may represent. */
const periodWords = foldedWords(
  `month week quarter semester season monat woche quartal mesic tyden ctvrtleti mes semana trimestre mois semaine mese settimana miesiac tydzien
   kwartal maand kwartaal месяц неделя квартал μήνας εβδομάδα τρίμηνο ay hafta ceyrek honap het negyedev kuukausi viikko neljannes manad vecka
   kvartal maned uke yearmonth yearweek`,
)

/** Prefixes and suffixes of ids written without a separator. */
const idEnding = /^(.{2,}?)n?(?:id|nr|nro|num|number|nummer|numero|key|code|kod|kode|kodu|koodi|tunnus|szam)$/
const idBeginning = /^id(.{3,})$/

interface Entry {
  readonly role: NamedRole
  readonly rank: number
}
const entries = new Map<string, Entry[]>()
const addWords = (role: NamedRole, rank: number, list: string): void => {
  for (const word of foldedWords(list)) {
    const known = entries.get(word) ?? []
    if (!known.some((entry) => entry.role === role)) entries.set(word, [...known, { role, rank }])
  }
}
for (const [role, ranks] of Object.entries(words) as [NamedRole, readonly string[]][])
  for (const [rank, list] of ranks.entries()) addWords(role, rank, list)
for (const list of Object.values(peopleWords)) addWords('user', 1, list)
for (const list of Object.values(thingWords)) addWords('item', 0, list)
addWords('user', 1, furtherUsers)
addWords('item', 0, furtherItems)
addWords('rating', 0, satisfactionWords)
addWords('rating', 0, furtherRatings)

/** Words of fewer letters without their ending are others: “ady” is no plural of “ad”. */
const shortestStem = 3

/** The form of a word that is in the lists: the word itself, or its singular. */
function found(word: string): readonly Entry[] {
  const own = entries.get(word)
  if (own) return own
  for (const form of [word.replace(/(?:s|es|en|n|e|y)$/, ''), word.replace(/s$/, ''), ...withoutCase(word)]) {
    const known = form.length >= shortestStem ? entries.get(form) : undefined
    if (known) return known
  }
  return []
}

/**
 * The roles that a column's name matches; empty if none. `movie_title` matches the title with all of its words and the item with
 * its first word; `age` shows that the column does not belong to an interaction.
 */
export function nameMatches(name: string): NameMatch[] {
  const plain = inBrackets.exec(name)?.[1]
  const matches = matchesOf(name)
  if (plain === undefined || matches.some(({ whole }) => whole)) return matches
  // “Quantity (Items)” is the quantity: what is in brackets explains it.
  const without = matchesOf(plain)
  return matches.length === 0 || without.some(({ whole }) => whole) ? without : matches
}

/** A name followed by something in brackets. */
const inBrackets = /^(.*[^\s([（])\s*[([（][^)\]）]*[)\]）]\s*$/u
/** Names of numbers that count the visits or the hits of a visit: `visit_num`, `hits_hitNumber`. */
const ordinal = /^(?:(?:visit|session|hit|page|step|event|sequence)s?)+(?:num|number|index|count)$/

const amountOf = /^(?:total|average|avg)?(?:number|num|count)of/
/** Whether a name is for a number that counts or numbers something, and identifies nothing: `visit_num`, “Number of Pages”. */
export function saysHowMany(name: string): boolean {
  const joined = wordsOf(name).join('')
  return ordinal.test(joined) || amountOf.test(joined) || numberIn(name) !== null
}

/** The singulars in the lists whose plural a word is: books, livres, articoli. */
function singularsOf(word: string): string[] {
  const singulars = [
    ...['s', 'es', 'en', 'n'].filter((ending) => word.endsWith(ending)).map((ending) => word.slice(0, -ending.length)),
    ...(word.endsWith('i') ? ['o', 'e'].map((ending) => `${word.slice(0, -1)}${ending}`) : []),
  ]
  return singulars.filter((singular) => singular.length >= shortestStem && entries.has(singular))
}

/** What the number under a name counts. */
const numberIn = (name: string): ReturnType<typeof numberOf> =>
  numberOf(name, (word) => {
    const singulars = singularsOf(word)
    const known = [...found(word), ...singulars.flatMap(found)]
    const thing = known.find(({ role, rank }) => (role === 'item' && rank <= 1) || role === 'user')
    // Views, loans and tickets are counts themselves.
    if (!thing || known.some(({ role }) => role === 'count')) return null
    return { counted: thing.role === 'item' ? 'items' : 'people', plural: singulars.length > 0 }
  })

/** Whether a name is for a number of items, which a row of an order has as well as a row of one item. */
export const saysNumberOfItems = (name: string): boolean => numberIn(name) === 'items'
/** Attributes of somebody or something: “City of Buyer” is no buyer. Names and numbers of people stand for them. */
const attributeOf = foldedWords(
  'city state country region zip postcode address street age gender sex language device model type kind group class category brand color size weight status date',
)
/** Names for kinds of things: “Title Type”. */
const kindOf = /(?:type|kind|status|format)s?$/

/** Words for addresses on the web. */
const linkWords = new Set(['url', 'uri', 'link', 'href', 'permalink'])

function matchesOf(name: string): NameMatch[] {
  const all = wordsOf(name)
  const joined = all.join('')
  if (ordinal.test(joined)) return []
  const number = numberIn(name)
  if (number === 'stars') return [{ role: 'rating', rank: 0, whole: true, id: false }]
  // What counts items identifies none.
  if (number !== null) return number === 'items' ? [{ role: 'count', rank: 2, whole: false, id: false }] : []
  const ofLink = all.length > 1 && linkWords.has(all.at(-1) ?? '') ? matchesOfWords(all.slice(0, -1)) : []
  // The address of a hotel is an id of it, unless it has another one.
  const linked = ofLink.find(({ role, whole }) => role === 'item' && whole)
  if (linked) return [{ ...linked, rank: linked.rank + 1, id: true }]
  const matches = matchesOfWords(all)
  const isThing = ({ role }: NameMatch): boolean => role === 'user' || role === 'item' || role === 'title'
  const noThing =
    all.length > 1 &&
    (amountOf.test(joined) || kindOf.test(joined) || (all[1] === 'of' && attributeOf.has(all[0] ?? '')))
  if (noThing) return matches.filter((match) => !isThing(match))
  // A product's handle is its name in addresses.
  const ofItem = matches.some(({ role }) => role === 'item') && all.at(-1) === 'handle'
  return ofItem ? matches.filter(({ role }) => role !== 'user') : matches
}

const unitsOfTime = foldedWords('ms msec sec secs seconds mins minutes hours')

function matchesOfWords(all: readonly string[]): NameMatch[] {
  const meant = all.filter((word) => !silent.has(word))
  const isCode = (word: string): boolean => idWords.has(word) || (meant.length > 1 && barcodeWords.has(word))
  const bare = meant.filter((word) => !isCode(word))
  const id = bare.length < meant.length
  const matches: NameMatch[] = []
  const add = (list: readonly Entry[], whole: boolean, isId: boolean, lower = 0): void => {
    for (const { role, rank } of list)
      if (!matches.some((match) => match.role === role) && !(role === 'rating' && (noRating || (noValue && rank > 0))))
        matches.push({ role, rank: rank + lower, whole, id: isId })
  }
  // “Anonymous” is silent beside the word for a user, and means one where it stands alone.
  if (bare.length === 0)
    return all.some((word) => word.startsWith('anon')) ? [{ role: 'user', rank: 1, whole: true, id }] : []
  // “Cod carte” is the code of a book in Romanian, “N° de carte” the number of a card in French.
  const isCard = (word: string): boolean =>
    cardWords.has(word) ||
    cardWords.has(idEnding.exec(word)?.[1] ?? '') ||
    (word === 'carte' && /^(?:no|num|numero)$/.test(meant[0] ?? ''))
  const ofCard = bare.every((word) => isCard(word) || holderWords.has(word)) && bare.some(isCard)
  if (ofCard && (id || bare.some((word) => idEnding.test(word))))
    return [{ role: 'user', rank: 1, whole: true, id: true }]
  const noRating = all.some((word) => moneyWords.has(word)) || saysVotesOfOthers(all)
  // The value of a delivery or its weight is none of opinion; its rating or its stars are. Milliseconds until a response are a duration.
  const noValue = all.some((word) => deliveryWords.has(word) || unitsOfTime.has(word))
  const joined = bare.join('')
  add(found(meant.join('')), true, id || joined.endsWith('id'))
  if (meant.length < all.length) add(entries.get(all.join('')) ?? [], true, id)
  add(found(joined), true, id)
  const stem = idEnding.exec(joined)?.[1] ?? idBeginning.exec(joined)?.[1]
  // Swedish drops the last letter of the first word: Låntagarnummer of låntagare.
  if (stem !== undefined) add([...found(stem), ...(entries.get(`${stem}e`) ?? [])], true, true)
  const split = bare.length === 1 && matches.length === 0 ? compound(joined) : null
  if (split) add([{ role: split.role, rank: 1 }], split.id || split.role === 'user', id || split.id)
  if (bare.length === 1) return matches
  // The main word comes last in English names and first in Romance ones.
  const [first, last] = [bare[0] ?? '', bare.at(-1) ?? '']
  const ending = idEnding.exec(last)?.[1]
  // Two words may be one in the lists: “review/profileName” ends with profilename.
  const ofTwo = bare.length > 2 ? found(bare.slice(-2).join('')) : []
  const ofOne = found(last).length > 0 || ending === undefined ? found(last) : found(ending)
  const ofLast = ofTwo.length > 0 ? ofTwo : ofOne
  add(ofLast, false, id || ending !== undefined, 1)
  add(found(first), false, id, ofLast.length > 0 ? 3 : 2)
  return matches
}

/** Endings of compounds that are written as one word: Orderdatum, Kjøpsdato, orderdate. */
const timeEnding = /^.{2,}(?:datum|dato|date|paiva|stempel|stampel|timestamp)$/
/** The same of amounts: ORDEREDSALESQUANTITY, Liefermenge. */
const countEnding = /^.{2,}(?:quantity|menge|stuckzahl)$/
/** Endings that mean "name": an item's name is its title, a user's name identifies the user. */
const nameEnding = /^(.{2,}?)s?(?:name|namn|navn|naam|nimi|nev|jmeno)$/
/** Chinese, Japanese and Korean write no spaces within such names; the last word carries the meaning, and the first one in Thai. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}ー]+/u
const unspacedId = foldedPattern(
  '(?:编号|編號|编码|編碼|卡号|卡號|カード番号|카드번호|番号|号码|號碼|コード|代码|代碼|号|號|번호|코드|아이디|id)$|^(?:รหัส|เบอร์|เลขที่|หมายเลข|ไอดี)',
)
const unspacedEndings: readonly (readonly [RegExp, NamedRole])[] = [
  [foldedPattern('(?:名|名称|名稱|명|이름)$|^ชื่อ'), 'title'],
  [
    foldedPattern('(?:时间|時間|日期|日時|日付|時刻|时刻|日|时间戳|일시|일자|날짜|시간|시각|일)$|^(?:วันที่|เวลา)'),
    'time',
  ],
  [foldedPattern('(?:数|數|量|수량|횟수|수)$|^จำนวน'), 'count'],
]

const unspacedName = foldedPattern('(?:名|名称|名稱|昵称|暱稱|명|이름|닉네임)$')
/** Whether an unspaced word begins with a word for a user: 买家会员 with 买家. */
const beginsWithUser = (word: string): boolean =>
  Array.from({ length: word.length }, (_, at) => word.slice(0, at + 1)).some((start) =>
    (entries.get(start) ?? []).some(({ role }) => role === 'user'),
  )

/** The role of a compound word that is in no list; null if it has none. */
function compound(word: string): { readonly role: NamedRole; readonly id: boolean } | null {
  if (unspaced.test(word)) {
    const stem = word.replace(unspacedId, '')
    const [known] = stem === word ? [] : found(stem)
    if (known) return { role: known.role, id: true }
    const named = word.replace(unspacedName, '')
    if (named !== word && beginsWithUser(named)) return { role: 'user', id: false }
    const ending = unspacedEndings.find(([pattern]) => pattern.test(word))
    return ending ? { role: ending[1], id: false } : null
  }
  if (timeEnding.test(word)) return { role: 'time', id: false }
  if (countEnding.test(word)) return { role: 'count', id: false }
  const stem = nameEnding.exec(word)?.[1]
  const role = stem === undefined ? undefined : found(stem)[0]?.role
  return role === 'user' ? { role, id: false } : role === 'item' ? { role: 'title', id: false } : null
}

/** The best match of a name; null if it matches no role. */
export function roleOfName(name: string): NameMatch | null {
  const [best] = [...nameMatches(name)].sort((a, b) => Number(b.whole) - Number(a.whole) || a.rank - b.rank)
  return best ?? null
}

const someWord =
  (words: ReadonlySet<string>) =>
  (name: string): boolean => {
    const all = wordsOf(name)
    const has = (word: string): boolean =>
      words.has(word) || words.has(word.replace(/s$/, '')) || withoutCase(word).some((form) => words.has(form))
    return all.some(has) || words.has(all.join(''))
  }

/** Whether a name is for ids or numbers of something. */
export const saysId = (name: string): boolean => {
  const all = wordsOf(name)
  return all.some((word) => idWords.has(word)) || idEnding.test(all.join('')) || /^id./.test(all.at(-1) ?? '')
}
/** Words for a card, whose number is that of its holder. */
const cardWords = foldedWords(
  'card karte karta karty tarjeta tessera kort kaart cartao kartya kartu карта карты карти 카드 membership member abonnement',
)
/** Words that may precede one for a card: “Library card no.”. */
const holderWords = foldedWords(
  'library biblioteka bibliotheks bibliotheque biblioteca loyalty bonus rewards club klub treue fidelite fidelidad fedelta',
)
const keyWords = foldedWords('id ids key uuid guid code identifier hash 编号 番号')
/** Whether a name is certainly for ids: “number” may be a count. */
export const saysKey = someWord(keyWords)
/** Words for groups of items: many items have the same one. */
const groupWords = foldedWords(
  'artist kunstler artiste artista album brand release label publisher series merchant campaign campagne campagna campana campanha kampagne kampan kampane kampania kampanj',
)
/** Whether a name is for a group of items, such as artist or album. */
export const saysGroupOfItems = someWord(groupWords)
/** Words for something that happens once, such as an order or a document that was booked. */
const transactionWords = foldedWords(
  `order orders document doc dok belegnr invoice receipt transaction ticket booking voucher shipment delivery bestellung auftrag beleg rechnung lieferschein
   buchung kassenbon bon commande facture recu transaktion bestelling factuur pedido factura albaran ordine fattura scontrino documento
   objednavka faktura doklad uctenka zamowienie paragon dokument narudzba racun porudzbina siparis fatura fis rendeles szamla tilaus lasku
   kvitto kvittering ordre заказ заказа документ документа чек накладная замовлення παραγγελία παραγγελίας τιμολόγιο 订单 訂單 注文 伝票 주문
   pesanan donhang hoadon طلب הזמנה beleg auftrag vorgang reserving reservierung reservation reserva prenotazione rezerwacja rezervace varaus bokning bet ออเดอร์ ใบสั่งซื้อ คำสั่งซื้อ`,
)
/** Whether a name is for something that happens once, such as an order, or for its id. */
export const saysOneTransaction = someWord(transactionWords)
const placeWords = foldedWords(
  'position pos позиция позиции pozycja pozice pozicija posicion posizione posicao pozisyon',
)
/** Whether a name is for a visit, of which people have many. */
export const saysVisit = someWord(
  foldedWords(
    'session visit sitzung besuch seance visite sesion visita sessione sesja wizyta relace navsteva device cookie household',
  ),
)
/** Whether a name is for one visit, so that a person who came back has several. */
export const saysSession = someWord(
  foldedWords(
    'session visit sitzung besuch seance visite sesion visita sessao sessione sesja wizyta relace navsteva сессия сеанс 会话 會話 セッション 세션',
  ),
)
/** Whether a name may be for a position in a list, such as a playlist or an order. */
export const saysPlace = someWord(placeWords)
/** Whether a name is for ids of something that happens once, such as “Document Number” and “order_id”. */
export const saysTransaction = (name: string): boolean => {
  const all = wordsOf(name)
  const stem = unspaced.test(all.join(''))
    ? all.join('').replace(unspacedId, '')
    : (idEnding.exec(all.at(-1) ?? '')?.[1] ?? '')
  return saysId(name) && (saysOneTransaction(name) || transactionWords.has(stem))
}
const singularsOfItems = (word: string): boolean =>
  word.endsWith('s') && (entries.get(word.replace(/s$/, '')) ?? []).some(({ role }) => role === 'item')
/** Whether a name is for several items, such as “pages” and “posts_read”: then numbers are counts. */
export const saysItems = (name: string): boolean => wordsOf(name).some(singularsOfItems)

/** Whether a name is for several people, such as “Customers” and “visitors”: then numbers are counts. */
export const saysPeople = (name: string): boolean => {
  const all = wordsOf(name)
  return (
    all.length === 1 &&
    /^(?:users|customers|visitors|guests|members|passengers|viewers|kunden|besucher|clients|visiteurs)$/.test(
      all[0] ?? '',
    )
  )
}
/** Whether a name is for an amount or a duration, which could be an interaction's value. */
export const saysAmount = someWord(amountWords)
/** Whether a name is for a duration. */
export const saysDuration = someWord(durationWords)
/** Whether a name ends with a word for "name", such as "User full name". */
export const saysNameOf = (name: string): boolean => nameWords.has(wordsOf(name).at(-1) ?? '')
/** Whether a column of an items table may contain the items' names: “Nom”, “Nombre del producto”, “Bezeichnung”. */
export function saysItemName(name: string): boolean {
  const all = wordsOf(name).filter((word) => !silent.has(word))
  const isName = (word: string): boolean => nameWords.has(word) || designations.has(word)
  return all.some(isName) && all.every((word) => isName(word) || found(word).some(({ role }) => role === 'item'))
}
/** The field of a date or time in a name such as `order_year`; null if there is none or it is a day of the week. */
export function partOfTime(name: string): TimePart | null {
  const all = wordsOf(name)
  if (all.some((word) => notWholeParts.test(word))) return null
  const found = (Object.keys(timeParts) as TimePart[]).filter((part) => all.some((word) => timeParts[part].has(word)))
  return found.length === 1 ? (found[0] ?? null) : null
}
/** Whether a name is for an average over many people. */
export const saysMean = someWord(meanWords)
/** Whether a name may be for an item's creator. */
export const saysMaker = someWord(makerWords)
/** Whether a name is for a period, such as a month. */
export const saysPeriod = someWord(periodWords)

/** Words for something after an interaction, or planned with it: the return of a loan, the arrival of a guest. */
const laterWords = foldedWords(
  `due requested return returned returns settled delivery delivered shipped shipping end ended ends until expiry expires expiration expected arrival departure checkin checkout
   updated modified changed deadline pickup faellig fallig falligkeit ruckgabe ruckgabedatum ruckgabetermin lieferung lieferdatum ende bis anreise abreise retour echeance livraison fin
   arrivee depart devolucion entrega vencimiento llegada salida hasta restituzione scadenza consegna arrivo partenza fine devolucao prazo chegada saida retur inlever
   inleverdatum levering aankomst vertrek zwrot zwrotu termin dostawa przyjazd wyjazd vraceni vratit splatnost dodani prijezd odjezd vratenie navrat povrat vracanja vracilo
   visszavetel hatarido szallitas erkezes palautus erapaiva noudettava toimitus saapuminen inlamning leverans ankomst avresa innlevering forfall levering aflevering
   forfaldsdato teslim iade vade varis возврат возврата вернуть доставка доставки прибытие отъезд повернення доставки повернути επιστροφή επιστροφής παράδοση άφιξη αναχώρηση
   إرجاع تسليم وصول החזרה משלוח 归还 歸還 应还 到期 返却 返却日 返却予定日 配達 配送 到着 반납 반납일 반납예정일 배송 도착 kembali jatuhtempo trả กำหนดคืน คืน`,
)
const releaseWords = foldedWords(
  `release released releasedate premiere premiered erscheinung erscheinungsdatum erscheinungstermin erschienen sortie parution lanzamiento estreno uscita
   lancamento estreia premiera wydania vydani vydano premiera udgivelse utgivelse utgivning utgivningsdatum julkaisu julkaistu megjelenes cikis выпуска выхода премьера
   發行 发行 上映 発売 公開 出版 출시 개봉`,
)
/** Whether a name is for the day on which an item came out. */
export const saysRelease = someWord(releaseWords)
const birthWords = foldedWords(
  `dob birth birthdate birthday birthyear born geburt geburtsdatum geburtstag geburtsjahr naissance nacimiento nascita nascimento geboorte geboortedatum urodzenia narozeni narodenia
   rodjenja rojstva szuletes szuletesi syntymaaika syntyma fodelse fodelsedatum fodsel fodselsdato dogum рождения народження γέννησης ميلاد לידה 生日 出生 生年月日 생년월일 lahir ngaysinh`,
)
/** Whether a name is for when somebody became a user. */
export const saysJoining = someWord(
  foldedWords(
    `signup signedup registered registration registrierung registriert anmeldung joined join since seit inscription inscrit depuis eintritt eintrittsdatum beitritt beitrittsdatum anmeldedatum registrierungsdatum registro alta desde iscrizione registrazione registrazione cadastro
     rejestracji rejestracja registrace registracije registrering regisztracio rekisteroity регистрации регистрация реєстрації εγγραφής kayit 注册 註冊 登録 가입`,
  ),
)
const deliveryWords = foldedWords(
  `courier delivery shipping kurier kuriera kuryr kuryra lieferung versand livraison livreur entrega repartidor envio consegna corriere bezorging bezorger dostawa dostawy dostawcy doruceni
   doprava dostava kezbesites futar toimitus kuljetus levering leverans kargo teslimat доставка доставки курьер курьера кур'єра доставлення παράδοση 配送 配達 배송 pengiriman`,
)
/** Whether a name is for a school grade of which 1 is the best. */
export const saysOneIsBest = (name: string): boolean =>
  wordsOf(name).some((word) => /^(?:schulnoten?|znamk[ay])$/.test(word)) ||
  /(?:^|\D)1\s*(?:=|–|-|:)\s*(?:sehr gut|best|excellent|very good|vyborn|tres bien|muy bien|ottimo)/.test(folded(name))
const germanWords = foldedWords(
  'nutzer nutzerin nutzernr nutzernummer benutzer kunde kunden kundin kundennr kundennummer leser leserin mitglied artikel artikelnr artikelnummer buch buchnr werk titel datum zeitpunkt uhrzeit ausleihe bestellung bewertet',
)
/** Whether a name is for the grades of a German school if the names beside it are German: elsewhere a note is a mark of any kind, or a remark. */
export const saysGermanGrade = (name: string, others: readonly string[]): boolean =>
  /^noten?$/.test(wordsOf(name).join('')) &&
  others.some((other) => wordsOf(other).some((word) => germanWords.has(word)))
/** Whether a name is for the way of delivery. */
export const saysDelivery = someWord(deliveryWords)
const totalWords = foldedWords(
  'total overall gesamt gesamtnote global globale generale general summe suma celkem ogolna totale totaal totalt yhteensa итого итог 总分 總分 総合 총점',
)
const saysLaterWord = someWord(laterWords)
const unspacedLater = [...laterWords].filter((word) => unspaced.test(word) && word.length > 1)
/** Whether a name is for something after an interaction, such as the return of a loan. */
export const saysLater = (name: string): boolean =>
  saysLaterWord(name) ||
  /(?:shipping|shipped|delivery|requested|expiry|expiration).*date/.test(folded(name)) ||
  unspacedLater.some((word) => folded(name).includes(word))
/** Whether a name is for a date of birth. */
export const saysBirth = someWord(birthWords)
/** Whether a name is for a total of several grades. */
export const saysTotal = someWord(totalWords)

/** Whether a word, or its singular, is for money or for a code of a place or category. */
const saysMoneyOrKind = (word: string): boolean =>
  [word, word.replace(/s$/, '')].some((form) => kindWords.has(form) || moneyWords.has(form))

/** Whether a name is for a measurement or a category, and not for an id: an amount, money, a duration, a number of rooms. */
export function saysMeasure(name: string): boolean {
  if (saysId(name)) return false
  return saysAmount(name) || saysDuration(name) || wordsOf(name).some(saysMoneyOrKind)
}

/** Whether a name rules out ratings, because it is for money, an id, or a code of a place or category. */
export function speaksAgainstRating(name: string): boolean {
  const all = wordsOf(name)
  // The value or the weight of a delivery: `nameMatches` sees no rating in it.
  const ofRating = all.flatMap(found).filter(({ role }) => role === 'rating')
  if (ofRating.length > 0 && saysDelivery(name) && ofRating.every(({ rank }) => rank > 0)) return true
  return [...all, all.join('')].some((word) => saysMoneyOrKind(word) || idWords.has(word) || idEnding.test(word))
}
