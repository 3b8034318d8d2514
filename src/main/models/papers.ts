/** Papers that several models cite. */

export const VASP_PAPER =
  'Vančura & Kordík, “Deep Variational Autoencoder with Shallow Parallel Path for Top-N Recommendation (VASP)”, 2021, arXiv 2102.05774'

export const MULTINOMIAL_PAPER =
  'Liang, Krishnan, Hoffman & Jebara, “Variational Autoencoders for Collaborative Filtering”, WWW 2018, arXiv 1802.05814'
