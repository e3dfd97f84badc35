local sep = pandoc.Str '|'
return {
  {Space = function() return {sep, sep} end},
  {Str = function(s) s.text = s.text .. '+' return s end},
}
