local List, utils, path = require 'pandoc.List', require 'pandoc.utils', require 'pandoc.path'
local p = require 'pandoc'
function Pandoc()
  return p.Pandoc {p.Para(tostring(List == p.List) .. utils.stringify(p.Para 'x y') .. path.join {'a', 'b'})}
end
