from flask import Blueprint

blueprint = Blueprint("batches", __name__)
