function Pandoc()
  local doc = pandoc.read('# A *b* {#i}\n\ntext `c` [l](u "t")\n\n- x\n- y\n\n> q\n', 'markdown')
  local json = pandoc.read('{"pandoc-api-version":[1,22],"meta":{},"blocks":[{"t":"Para","c":[{"t":"Str","c":"j"}]}]}', 'json')
  local ok = pcall(pandoc.read, 'x', 'no-such-format')
  doc.blocks:extend(json.blocks)
  doc.blocks:insert(pandoc.Para(tostring(ok)))
  return doc
end
