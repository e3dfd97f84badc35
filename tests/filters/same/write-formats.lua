function Pandoc(doc)
  local small = pandoc.Pandoc {pandoc.Para {pandoc.Str 'a', pandoc.Space(), pandoc.Emph 'b'}}
  local again = pandoc.read(pandoc.write(doc, 'json'), 'json')
  local html = pandoc.write(small, 'html'):gsub('%s+$', '')
  local plain = pandoc.write(pandoc.Pandoc {pandoc.Para 'two words', pandoc.Header(1, 'H'), pandoc.BulletList {'x', 'y'}}, 'plain')
  local ok = pcall(pandoc.write, small, 'no-such-format')
  again.blocks:extend {pandoc.CodeBlock(html), pandoc.CodeBlock(plain), pandoc.Para(tostring(ok))}
  return again
end
