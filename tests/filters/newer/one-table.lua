return {Header = function(h) h.level = h.level + 1 return h end}
