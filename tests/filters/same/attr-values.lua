function Pandoc()
  local a = pandoc.Attr('i', {'c', 'd'}, {{'z', '1'}, {'b', '2'}})
  local out = {a.identifier, #a.classes, a.classes[2], a.attributes.z, tostring(a.attributes.none), tostring(a == a:clone()),
    tostring(a == pandoc.Attr 'i'), #a.attributes, a.attributes[1][1]}
  for k, v in pairs(a.attributes) do out[#out + 1] = k .. '=' .. v end
  return pandoc.Pandoc {pandoc.CodeBlock(table.concat(out, '\n'), a), pandoc.Div({}, pandoc.Attr {id = 'q', class = 'x y', only = 'z'})}
end
