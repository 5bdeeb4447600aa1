import pytest
from browser import *
@pytest.mark.browser
def test_a(open_page):
    p = open_page()
    print(state(p))
