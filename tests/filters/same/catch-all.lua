function Inline(el) if el.tag == 'Space' then return pandoc.SoftBreak() end end
function Str(el) return pandoc.Str 'x' end
function Block(el) if el.t == 'HorizontalRule' then return pandoc.Para 'rule' end end
