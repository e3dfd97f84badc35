-- Catch-all handlers and whole lists.
function Inline(i) if i.t=='Image' then return elseif i.t=='Space' then return pandoc.Str '_' elseif i.content and i.t~='Note' and #i.content==1 then return i.content end end
function Block(b) if b.t=='Plain' then return pandoc.Para(b.content) elseif b.t=='Null' then return {} elseif b.t=='Para' and #b.content==1 then return {b,b} end end
function Inlines(l) if #l>3 then return l:filter(function(x) return x.t~='SoftBreak' end) end end
function Blocks(l) if #l>1 then l:insert(1,table.remove(l)) return l end end
