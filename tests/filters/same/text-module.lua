local text = require 'text'
function Pandoc()
  local out = {text.len '受限空间', text.sub('受限空间', 2, 3), text.sub('abcdef', -3, -2), text.sub('abc', 2), text.sub('abc', 3, 2),
    text.reverse 'äbc', text.upper 'straße ä', text.lower 'ÄBC', pandoc.text.upper == text.upper and 'same' or 'other', text.len ''}
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
