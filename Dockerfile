FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends tesseract-ocr \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN useradd --system copilot && mkdir -p data/var && chown copilot data/var
USER copilot
ENV HF_HUB_OFFLINE=1 PYTHONUNBUFFERED=1 COPILOT_HOST=0.0.0.0
