/**
 * Words in column names by their meaning, each in the languages of exports, without accents; several words of a language are written as one. They
 * extend the lists of `column-names.ts`, which have the words that programs write most often.
 */

/** People who use, rate or get something. */
export const peopleWords: Readonly<Record<string, string>> = {
  guest: `guest gast gaste hote huesped huespedes hospede ospite gosc goscia gost gosta hosta vendeg vieras vieraan gjest gaest gasten misafir konuk oaspete
    гостя гостья гостю επισκέπτης επισκέπτη ضيف אורח 客人 住客 宾客 宿泊者 ゲスト 투숙객 손님 tamu khach แขก`,
  patient: `patient patientin patienten pasient pacient pacienta pacjent pacjenta paciente paziente pacijent bolnik beteg potilas пациент пациента пацієнт
    пацієнта ασθενής ασθενή pacienti مريض المريض מטופל 患者 病人 환자 pasien benhnhan ผู้ป่วย`,
  participant: `participants participante partecipante teilnehmerin deelnemer deltager deltagare deltaker uczestnik uczestnika ucastnik ucastnika
    sudionik udelezenec resztvevo osallistuja katilimci participantul участник участника учасник учасника συμμετέχων مشارك משתתף 参与者 参加者 參加者 참가자
    참여자 peserta ผู้เข้าร่วม respondente respondentin befragter befragte enquete ankettu anketirani респондент vastaaja`,
  pupil: `pupil alumna aluno aluna allievo allieva discente scolaro ucenik ucenica uczennica zak zaka ziak ziaka tanulo diak hallgato oppilas opiskelija elev
    eleven leerling ogrenci kursiyer corsista cursista kursant kursantka frequentant inscrit apprenant stagiaire estudante studentin studentka studenta  
    ученика учня студента слушателя φοιτητής φοιτητή μαθητής μαθητή طالب الطالبة סטודנט 学员 學員 学生 學生 生徒 受講者 受講生 학습자 수강생 murid pelajar hocsinh
    sinhvien นักเรียน นักศึกษา`,
  reader: `leserin lezeres lectrice lectora lettrice leitora czytelniczka citateljka bralec olvasoi lukijan laserin читателя читача αναγνώστη القارئة 借阅者 借閱者 借书人
    借り手 貸出者 대출자 이용자 peminjam ผู้ยืม emprunteur emprunteuse entleiher ausleiher ausleihende utlaner laanetaker lantager uttagare wypozyczajacy vypujcitel
    vypozicatel kolcsonzo lainaajan borrowers odunc prestatario leitores`,
  visitor: `besucherin visitante visitatrice odwiedzajacy navstevnice navstevnika posetilac posjetilac obiskovalec latogatoi kavija besokende посетителя відвідувач
    відвідувача επισκέπτες زائر מבקר 访客 訪客 来館者 来場者 방문자 관람객 pengunjung khachthamquan ผู้เยี่ยมชม spectateur spectatrice espectador spettatore spettatrice
    widz widza zuschauer zuschauerin toeschouwer tilskuer askadare seyirci nezok`,
  passenger: `passagier passager pasajero passeggero passageiro pasazer pasazera cestujici putnik potnik utas matkustaja passasjer yolcu calator пассажир
    пассажира пасажир επιβάτης راكب נוסע 乘客 旅客 승객 penumpang hanhkhach ผู้โดยสาร fahrgast`,
  buyer: `kauferin bestellerin besteller auftraggeber acheteuse acquereur acquirente compradora nabywca nabywcy odbiorca kupca zamawiajacy koupejici vasarloi megrendelo
    tilaaja bestiller bestallare siparisveren alicisi cumparator покупателя замовник купувач купувача αγοραστή مشتري קונה 下单人 収件人 收货人 주문자 pemesan nguoidat ผู้สั่งซื้อ`,
  tenant: `renter mieter mieterin locataire arrendatario inquilino inquilina locatario najemca najemcy najemnik podnajemnik huurder berlo vuokralainen leietaker
    hyresgast kiraci арендатор арендатора орендар مستأجر שוכר 租客 承租人 借主 임차인 penyewa nguoithue ผู้เช่า`,
  fan: `fan fans supporterin seguidor seguidora abonada abonado suscriptor suscriptora assinatura abbonato abbonata tifoso subskrybent predplatitel odberatelka elofizeto
    tilaajan abonnenten подписчика підписник підписника συνδρομητής مشترك מנוי 订阅者 訂閱者 購読者 구독자 pelanggan nguoidangky`,
}

/** Other words and abbreviations for users, and basic words of further languages. */
export const furtherUsers = `displayname actorid actorname actoraccount actoraccountname actormbox actormboxsha1sum actoropenid auftrgeb kdnr kundenr kundnr custno custnr custid mbrid mbrno patid patnr prsnid personalnr relatie relatienr kontrahent kontrahenta nabywca nip nif cif ico dic siret
  husstand haushalt foyer hogar nucleofamiliare gospodarstwo domacnost perhe hushall ausweis ausweisnummer leserausweis kirjastokortti korisnickoime prezdivka pseudo pseudonyme pseudonym przezwisko
  nadimak nickneve kallenavn kaldenavn alias 学号 學號 대출자 대출자번호 회원번호 回答者 回答者id orcid skaitytojas skaitytojo klientas kliento vartotojas vartotojo pirkejas lietotajs lietotaja
  klients klienta pircejs lasitajs kasutaja klient lugeja ostja uporabnika naročnik narocnik kupec корисникот купувач клиентот perdoruesi klienti notandi vidskiptavinur usuari
  soci erabiltzailea bezeroa მომხმარებელი მყიდველი კლიენტი მკითხველი օգտատեր հաճախորդ istifadeci musteri пайдаланушы сатыпалушы foydalanuvchi mijoz کاربر شناسهکاربر مشتری خریدار
  خواننده عضو صارف خریدار उपयोगकर्ता ग्राहक छात्र विद्यार्थी सदस्य पाठक উপযোগকারী ব্যবহারকারী গ্রাহক பயனர் வாடிக்கையாளர் mtumiaji mteja gebruiker klient kliënt leser`

/** Things that people use, rate or get. */
export const thingWords: Readonly<Record<string, string>> = {
  course: `kurse lehrgang schulung fortbildung weiterbildung formation formations atelier ateliers curso cursos asignatura corso corsi tecaj szkolenie szkolenia
    zajecia skoleni kurz kurzu kurzy lekce lekcia tanfolyam kepzes kurssi kurssin koulutus kursen utbildning egitim ders dersi cursul курса курсу урока заняття
    μάθημα μαθήματος دورة الدورة קורס 课程 課程 講義 講習 강좌 수업 kursus pelatihan khoahoc monhoc คอร์ส หลักสูตร`,
  dish: `dishes gerichte speise speisen menuartikel getrank getranke plats boisson boissons platos bebida bebidas comida piatti bevanda potrawa potrawy napoj napoje pokrm
    jidla jelo pice ital etel etelek ruoka annos juoma ratt ratten matratt dryck rett retten ret drikk gerecht gerechten drank yemek yemegi icecek mancare preparat блюда
    напиток напій ястие ястието πιάτο φαγητό ποτό طبق الطبق وجبة מנה 菜品 菜名 餐点 餐點 料理 料理名 음식 요리 메뉴명 menu masakan makanan minuman monan เมนู อาหาร`,
  exhibition: `ausstellung ausstellungen fuhrung exposition expositions exposicion exposiciones esposizione esposizioni mostra mostre exposicao wystawa wystawy
    vystava vystavy izlozba razstava kiallitas nayttely utstilling utstallning udstilling tentoonstelling sergi expozitie выставки виставка виставки έκθεση معرض
    תערוכה 展览 展覽 展示 展覧会 전시 전시회 pameran trienlam นิทรรศการ`,
  performance: `auffuhrung vorstellung inszenierung theaterstuck konzert spectacle spectacles representation concert concerts
    espectaculo funcion obra obras espetaculo peca spettacolo spettacoli opera opere przedstawienie przedstawienia spektakl koncert predstaveni predstavenie koncertu
    predstava eloadas esitys naytos konsertti forestilling konsert forestallning voorstelling gosteri konser oyunu etkinlik etkinligi spectacol спектакля концерт
    концерта вистави παράσταση συναυλία عرض حفلة הצגה 演出 剧目 劇目 公演 公演名 상연 공연 공연명 pertunjukan sukien buoidien การแสดง`,
  medication: `medikament arzneimittel praparat wirkstoff pzn medicament medicaments medicamento medicamentos farmaco farmaci medicinale lek leki lekow leku lieciva
    liek lijek zdravilo gyogyszer laake laakkeen lakemedel legemiddel laegemiddel medicijn geneesmiddel ilac ilaci препарат препарата лекарство лекарства ліки
    φάρμακο φαρμάκου دواء الدواء תרופה 药品 药名 藥品 薬 薬剤 医薬品 약품 의약품 obat thuoc ยา`,
  vehicle: `vehicles fahrzeug fahrrad vehicule velo vehiculo bicicleta veicolo bicicletta veiculo pojazd rower vozidlo kolo vozilo bicikl jarmu kerekpar
    ajoneuvo pyora fordon cykel kjoretoy sykkel koretoj voertuig fiets arac bisiklet автомобиль автомобиля велосипед όχημα οχήματος مركبة רכב 车辆 車輛 車両 自転車 차량 자전거 kendaraan xe รถ`,
  tour: `tour tours trail trails excursion excursions ausflug reise rundreise wanderung strecke itineraire circuit randonnee excursion recorrido ruta rutas excursao
    passeio percorso escursione gita wycieczka wycieczki trasa trasy zajezd vylet izlet tura kirandulas retki matka utflykt resa tur uitstap reis gezi tur rota
    экскурсия экскурсии маршрут маршрута тур тура екскурсія екскурсії εκδρομή جولة רحلة סיור 线路 路線 行程 ツアー 투어 코스 destination destinations reiseziel destino
    destinazione attraction attractions attraktion atraccion attrazione atrakcja atrakce wisata chuyendi tuyen ทัวร์`,
  book: `buchtitel horbuch horbucher ebook ebooks audiobook audiobooks audiolibro livreaudio ouvrage ouvrages novela roman romans romanzo ksiazki knihu knizka knjige konyvet
    kirjan boken bogen boeken kitabi kitabin carti cartea книжка книжки βιβλίου الكتب הספר 图书名 圖書 図書 本 書籍名 도서명 buku tuasach หนังสือเสียง
    medium mediums medien medientitel materiale materiaal`,
  game: `brettspiel gesellschaftsspiel jeu jeux juego juegos videojuego jogos giochi gioco gier gry hru hier igra igre igrica jatekot pelin spelet spillet spelen oyunun jocul
    игры гры παιχνιδιού اللعبة משחק 游戏 遊戲 ゲーム 게임 permainan trochoi เกม`,
  show: `programme programm programma programa programs sendung sendungen serie serien series emission emissions episodio episodios capitulo puntata puntate odcinek odcinka
    porad poradu epizoda epizody epizod emisija oddaja musor adas ohjelma jakso avsnitt folge folgen aflevering bolum bolumu episod emisiune передача передачи серия серии
    серіал επεισόδιο εκπομπή حلقة برنامج פרק תוכנית 节目 節目 剧集 劇集 番組 番組名 프로그램 에피소드 acara tayangan tapphim chuongtrinh รายการ`,
  tool: `equipment gerat gerate werkzeug ausrustung equipement materiel outil equipo herramienta attrezzatura attrezzo equipamento sprzet sprzetu narzedzie vybaveni nastroj naradi
    oprema alat felszereles eszkoz valine laite laitteen utrustning verktyg utstyr udstyr apparatuur gereedschap ekipman alet оборудование оборудования инструмент обладнання
    εξοπλισμός معدات ציוד 设备 設備 器材 備品 機材 장비 peralatan thietbi อุปกรณ์`,
  service: `dienstleistung leistung behandlung prestation prestations trattamento zabieg zabiegu usluga uslugi uslugu sluzba szolgaltatas
    kezeles palvelu tjanst tjeneste behandling dienst hizmet hizmeti serviciu услуга услуги послуга послуги υπηρεσία خدمة שירות 服务 服務項目 サービス 서비스 layanan dichvu บริการ`,
  work: `kunstwerk kunstwerke werk oeuvre oeuvres artworks obradearte dzielo dzielo eksponat exponat mutargy teos taideteos konstverk kunstverk kunstvaerk eser eseri lucrare
    произведение произведения картина картины твір έργο έργου عمل לוחة יצירה 作品名 展品 藏品 작품명 karya tacpham`,
  goods: `goods merchandise waren artikeln marchandise mercancia merce mercadoria towar towaru towary zbozi polozka polozku polozky roba izdelek aru aruk tuotteen tuotteet varan varen
    vareslag urunu marfa articol товары товару изделие изделия стока стоката προϊόντων البضاعة منتج المنتجات סחורה 商品編號 货品 貨品 單品 单品 品名 品目 商品コード 품명 물품 barang hang สินค้า`,
}

/** Other words and abbreviations for items, and basic words of further languages. */
export const furtherItems = `bibid bibnumber bibno bibnr bibrecord bibrecordid mmsid mediennummer mediennr katalognummer katalognr catkey ckey ratingkey artnr artno artikelnr itemno itemnr prodno prodnr ndc doi indeks sygnatura bezeichnung voorstelling fixture match begegnung partido incontro mecz zapas eventcontext
  kontekstzdarzenia contextedelevenement contextodelevento kontextdesereignisses контекстподии контекстсобытия cortometraje cortometraggio courtmetrage kurzfilm shortfilm kratkyfilm teos teoksen
  teostunnus leidinys leidinio knyga knygos preke prekes filmas gramata gramatas prece preces filma raamat raamatu toode toote izdelka knjiga производот книгата libri produkti bok vara bók vörunúmer
  llibre producte pel·licula pellicula liburua produktua წიგნი ფილმი პროდუქტი სპექტაკლი գիրք ապրանք kitab mehsul кітап тауар kitob mahsulot کالا محصول کتاب فیلم کدکالا پروڈکٹ फिल्म पुस्तक उत्पाद
  पाठ्यक्रम कोर्स বই পণ্য சினிமா புத்தகம் பொருள் kitabu bidhaa produk boek`

/** Words for ratings in further languages. */
export const furtherRatings = `vertinimas ivertinimas ivertinimai vertejums novertejums hinnang hinne ocena оценката vleresimi einkunn valoracio puntuacio balorazioa შეფასება ქულა գնահատական qiymet бағалау baho
  امتیاز نمره درجہ रेटिंग अंक মূল্যায়ন রেটিং மதிப்பீடு ukadiriaji helhetsbetyg helhetsvurdering gesamturteil 星等 評價星等 评价星级 總評 総合評価 점수 평점 бал бали`

/** How satisfied people were, or how they valued something. */
export const satisfactionWords = `zufriedenheit gesamtzufriedenheit gesamtbewertung gesamtnote sternebewertung kundenbewertung punktzahl wertungspunkte satisfaction satisfaccion
  satisfacao soddisfazione gradimento zadowolenie spokojenost spokojnost elegedettseg tyytyvaisyys tilfredshet tilfredshed nojdhet tevredenheid satisfactie zadovoljstvo
  memnuniyet skor skoru puani puanlama oyu notu appreciation apprezzamento calificacao zvaigznes удовлетворенность удовлетворённость задоволеність ικανοποίηση
  满意度 滿意度 満足度 만족도 評分數 評価点 kepuasan hailong mucdohailong الرضا שביעותרצון ความพึงพอใจ`
