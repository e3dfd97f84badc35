function CodeBlock(c) return {c, pandoc.Para(pandoc.utils.sha1(c.text)), pandoc.Para(pandoc.sha1 '受限空间')} end
