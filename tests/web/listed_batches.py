"""What a page of Export Control lists."""


def numbers(page):
    return [cell.text.strip() for cell in page.select("#listing tbody th")]


def ticks(page):
    return page.select("#listing input[name=batch]")
