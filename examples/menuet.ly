\version "2.22.0"
% Christian Petzold (1677-1733), Menuet in G major, from the second Notebook for Anna Magdalena Bach (1725),
% long known as BWV Anh. 114. In the public domain. This engraving: CC0 1.0.

\header {
  title = "Menuet"
  composer = "Christian Petzold"
  tagline = ##f
}

\paper {
  #(set-paper-size "a4")
  indent = 12\mm
  top-margin = 16\mm
  left-margin = 16\mm
  right-margin = 16\mm
  ragged-last-bottom = ##f
  max-systems-per-page = 6
  system-count = 6
}

right = {
  \key g \major \time 3/4
  \repeat volta 2 {
    d''4 g'8 a' b' c'' | d''4 g' g' | e''4 c''8 d'' e'' fis'' | g''4 g' g' |
    c''4 d''8 c'' b' a' | b'4 c''8 b' a' g' | fis'4 g'8 a' b' g' | a'2. |
    d''4 g'8 a' b' c'' | d''4 g' g' | e''4 c''8 d'' e'' fis'' | g''4 g' g' |
    c''4 d''8 c'' b' a' | b'4 c''8 b' a' g' | a'4 b'8 a' g' fis' | g'2. |
  }
  \repeat volta 2 {
    b''4 g''8 a'' b'' g'' | a''4 d''8 e'' fis'' d'' | g''4 e''8 fis'' g'' d'' | cis''4 b'8 cis'' a'4 |
    a'8 b' cis'' d'' e'' fis'' | g''4 fis'' e'' | fis''4 a' cis'' | d''2. |
    d''4 g'8 fis' g'4 | e''4 g'8 fis' g'4 | d''4 c'' b' | a'8 g' fis' g' a'4 |
    d'8 e' fis' g' a' b' | c''4 b' a' | b'8 d'' g'4 fis' | <b d' g'>2. |
  }
}

left = {
  \clef bass \key g \major \time 3/4
  \repeat volta 2 {
    <g b d'>2 a4 | b2. | c'2. | b2. |
    a2. | g2. | d'4 b g | d'4 d8 c' b a |
    b2 a4 | g4 b g | c'2. | b4 c'8 b a g |
    a2 fis4 | g2 b4 | c'4 d' d | g2 g,4 |
  }
  \repeat volta 2 {
    g2. | fis2. | e4 g e | a2 a,4 |
    a2. | b4 d' cis' | d'4 fis a | d'4 d c' |
    b4 d' b | c'4 e' c' | b4 a g | d'2 r4 |
    d2 fis4 | e4 g fis | g4 b, d | g4 d g, |
  }
}

\score {
  \new PianoStaff <<
    \new Staff \right
    \new Staff \left
  >>
  \layout { }
}
