function Pandoc(doc)
  local out = pandoc.List {}
  local j = pandoc.json
  out:extend {j.encode {b = 1, a = {true, j.null, 'x"y'}}, j.encode(pandoc.Space()), j.encode(pandoc.Inlines 'a b'), j.encode(pandoc.List {}), j.encode {}}
  local v = j.decode '{"a": [1, 2.5, null], "b": {"c": "d"}, "e": false}'
  out:extend {v.a[1], v.a[2], tostring(v.a[3] == j.null), v.b.c, tostring(v.e), tostring(j.decode '"text"')}
  out:extend {pandoc.utils.type(j.decode '{"t":"Str","c":"a"}'), pandoc.utils.type(j.decode('{"t":"Str","c":"a"}', false)), pandoc.utils.type(j.decode '[{"t":"Space"}]'), pandoc.utils.type(j.decode '[{"t":"HorizontalRule"}]')}
  out:insert(tostring(pcall(j.decode, '{')))
  out:insert(pandoc.utils.stringify(j.decode(j.encode(doc)).blocks[1]))
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'))}
end
