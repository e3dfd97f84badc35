function Pandoc(doc)
  local P = pandoc
  return P.Pandoc {
    P.Plain 'a b', P.Para {P.Str 'x'}, P.LineBlock {{P.Str 'l'}, 'two words'}, P.CodeBlock('x = 1', {'', {'lua'}}), P.RawBlock('html', '<hr>'),
    P.BlockQuote {P.Para 'q'}, P.BlockQuote 'text', P.OrderedList({{P.Plain 'a'}, {P.Plain 'b'}}, {3, 'LowerRoman', 'OneParen'}),
    P.OrderedList {'x', 'y'}, P.BulletList {{P.Para 'a'}, 'b'}, P.DefinitionList {{'term', {'def one', {P.Para 'two'}}}, {{P.Str 't'}, 'd'}},
    P.Header(2, 'head ing', {id = 'h', class = 'a b', k = 'v'}), P.HorizontalRule(), P.Div({P.Para 'd'}, {'id', {'c'}, {}}), P.Div 'x', P.Null(),
    P.Header(1, {P.Str 'x'}), P.OrderedList({'z'}, P.ListAttributes(7, P.UpperAlpha, P.TwoParens)),
  }
end
