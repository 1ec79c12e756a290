-- One row an order instead of one a line: half of an import went into the rows and index entries of lines.

-- The owner may see all stores' rows for as long as this takes.
ALTER TABLE "order_lines" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "order_lines" RENAME TO "single_lines";
ALTER TABLE "single_lines" RENAME CONSTRAINT "order_lines_pkey" TO "single_lines_pkey";

-- CreateTable
CREATE TABLE "order_lines" (
    "order_id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "lines" BIGINT[],
    "product_ids" UUID[],
    "quantities" INTEGER[],
    "amounts" BIGINT[],

    CONSTRAINT "order_lines_pkey" PRIMARY KEY ("order_id")
);

INSERT INTO "order_lines" ("order_id", "store_id", "lines", "product_ids", "quantities", "amounts")
SELECT order_id, store_id, array_agg(line ORDER BY line), array_agg(product_id ORDER BY line), array_agg(quantity ORDER BY line),
  array_agg(amount ORDER BY line)
FROM "single_lines" GROUP BY order_id, store_id ORDER BY order_id;

DROP TABLE "single_lines";

SELECT rekindle_protect('order_lines');
