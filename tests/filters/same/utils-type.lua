function Pandoc(doc)
  local u, P = pandoc.utils.type, pandoc
  local out = {u(P.Str 'x'), u(P.Para 'x'), u(P.Inlines 'x'), u(P.Blocks 'x'), u(P.List {}), u(doc), u(doc.meta), u(P.Attr()), u 'x', u(1), u(nil),
    u({}), u(true), u(P.Citation('a', 'NormalCitation')), u(P.Row {}), u(P.Cell {}), u(PANDOC_VERSION), u(P.Para 'x'.content), u(doc.blocks),
    u(P.BulletList {}.content)}
  return P.Pandoc {P.CodeBlock(table.concat(out, '\n'))}
end
