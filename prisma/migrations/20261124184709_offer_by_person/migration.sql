-- AlterTable
ALTER TABLE "holdouts" ADD COLUMN     "offer_reason" TEXT;

-- AlterTable
ALTER TABLE "mail_scores" ADD COLUMN     "offer_net" DOUBLE PRECISION;

