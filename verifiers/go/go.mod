module mintmark

go 1.19
