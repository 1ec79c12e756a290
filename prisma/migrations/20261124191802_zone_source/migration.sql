-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "zone_source" TEXT;

