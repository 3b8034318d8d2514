import { roleOfName } from './column-names'
import { wordsOf } from './name-words'

/** Words for orders, receipts and the like, which connect users with items. */
const sale =
  /^(order|basket|cart|transaction|trans|receipt|bill|ticket|purchase|checkout|sale|trip|objednavk|uctenk|kosik|bestell|auftrag|bon|warenkorb|beleg|commande|panier|pedido|compra|ordin|acquist|scontrino|zamowieni|paragon|заказ|чек)/

/** Whether a column's name is that of an order id: `order_id`, `basketNumber`, `transaction`. */
export const isSaleName = (name: string): boolean => roleOfName(name) === null && sale.test(wordsOf(name).join(''))
