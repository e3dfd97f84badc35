function Pandoc()
  local out = {}
  for _, k in ipairs {'AlignLeft', 'AlignRight', 'AlignCenter', 'AlignDefault', 'SingleQuote', 'DoubleQuote', 'InlineMath', 'DisplayMath',
    'NormalCitation', 'AuthorInText', 'SuppressAuthor', 'DefaultStyle', 'Example', 'Decimal', 'LowerRoman', 'UpperRoman', 'LowerAlpha',
    'UpperAlpha', 'DefaultDelim', 'Period', 'OneParen', 'TwoParens'} do
    out[#out + 1] = pandoc.Para(k .. '=' .. pandoc[k])
  end
  return pandoc.Pandoc(out)
end
