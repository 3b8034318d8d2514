import { expect, it } from 'vitest'
import { suggestItemMapping } from './suggest-mapping'

it.each([
  ['SKU, Produktname, Kategorie', 'SKU', 'Produktname', 'Kategorie'],
  ['Artikelnr, Bezeichnung, Artikelname, Rubriken', 'Artikelnr', 'Artikelname', 'Rubriken'],
  ['Warennummer, Titel, Warengruppe, Preis', 'Warennummer', 'Titel', 'Warengruppe'],
  ['Code produit, Nom du produit, Catégories', 'Code produit', 'Nom du produit', 'Catégories'],
  ['Código de producto, Nombre del producto, Categoría', 'Código de producto', 'Nombre del producto', 'Categoría'],
  ['kod produktu, nazev, zanr, cena', 'kod produktu', 'nazev', 'zanr'],
  ['item_id, item_name, category_name, brand', 'item_id', 'item_name', 'category_name'],
  ['Artikelnr, Bezeichnung, Marke', 'Artikelnr', 'Bezeichnung', null],
  ['id, title, year', 'id', 'title', null],
  ['id, title, artist', 'id', 'title', null],
  ['ID, Name, Material', 'ID', 'Name', null],
  ['id, title, movie_url', 'id', 'title', null],
  ['id, isbn, title', 'isbn', 'title', null],
  ['Material Number, Material Description', 'Material Number', 'Material Description', null],
])('columns %s are told by their names', (names, item, title, genres) => {
  const columns = names.split(', ').map((name) => ({ name }))
  const told = suggestItemMapping(columns, true)
  expect(told && [told.item, told.title, told.genres]).toEqual([item, title, genres])
})
