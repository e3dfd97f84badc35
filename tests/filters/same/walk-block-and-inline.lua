function Header(h) return pandoc.walk_block(h, {Str = function(s) return pandoc.Str('h' .. s.text) end}) end
function Strong(s) return pandoc.walk_inline(s, {Emph = function(e) return pandoc.Underline(e.content) end}) end
