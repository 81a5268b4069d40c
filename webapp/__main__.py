import gc

from webapp.cli import main

if __name__ == "__main__":
    # As in webapp.wsgi: what is loaded by now stays for good.
    gc.freeze()
    main(prog_name="python -m webapp")
