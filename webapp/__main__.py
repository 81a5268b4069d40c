from jobs.garbage import collect_seldom
from webapp.cli import main

if __name__ == "__main__":
    collect_seldom()
    main(prog_name="python -m webapp")
