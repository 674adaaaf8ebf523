from shared.clients.parties import CurrentParties, Known, Parties

__all__ = ["CurrentParties", "Known", "Parties"]
