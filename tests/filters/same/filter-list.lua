return {
  {Str = function(el) return pandoc.Str(el.text .. '1') end},
  {Str = function(el) return pandoc.Str(el.text .. '2') end, Space = function() return pandoc.Str '_' end},
  {Str = function(el) if el.text == '_2' then return pandoc.Str 'never' end end},
}
