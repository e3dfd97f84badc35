function Pandoc(doc)
  local P = pandoc
  return P.Pandoc {P.Para {
    P.Str 's', P.Space(), P.SoftBreak(), P.LineBreak(), P.Emph 'a b', P.Strong {P.Str 'x'}, P.Underline 'u', P.Strikeout 's',
    P.Superscript '2', P.Subscript '2', P.SmallCaps 'sc', P.Quoted('SingleQuote', 'q r'), P.Quoted(P.DoubleQuote, {P.Str 'd'}),
    P.Cite({P.Str 'c'}, {P.Citation('id', 'AuthorInText', {P.Str 'pre'}, 'suf fix', 2, 3), P.Citation('b', P.SuppressAuthor)}),
    P.Code('code', {'i', {'c'}, {{'k', 'v'}}}), P.Math(P.InlineMath, 'x'), P.Math('DisplayMath', 'y'), P.RawInline('tex', '\\x'),
    P.Link('l m', 'target', 'title', {'id'}), P.Image({P.Str 'i'}, 'src', 'title'), P.Note {P.Para 'n'}, P.Note 'two words',
    P.Span('s t', {class = 'k'}),
  }}
end
